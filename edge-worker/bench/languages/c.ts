import { compare, missing, type Comparison, type LanguageBench } from '../language-bench/language-bench.js'
import { ctagsNames, ourNames } from '../language-bench/ctags.js'
import { fetchHeaders } from '../language-bench/debian.js'
import { hasTool } from '../language-bench/run-tool.js'

/** Headers that Ctags reads without being told what their macros stand for; of libpng and curl it misses what these declare. */
const PACKAGES = ['zlib1g-dev', 'libexpat1-dev', 'libjson-c-dev', 'libevent-dev', 'libuv1-dev', 'libyaml-dev']

export const bench: LanguageBench = {
  project: `${PACKAGES.join(', ')} (Debian)`,
  judge: 'Universal Ctags',
  async run({ folder, build }) {
    if (!hasTool('ctags')) return [missing('public symbols', 'ctags is not installed; install universal-ctags.')]
    if (!hasTool('apt-get')) return [missing('public symbols', 'apt-get is not installed; this bench reads packages of Debian.')]
    const comparisons: Comparison[] = []
    for (const name of PACKAGES) {
      const headers = fetchHeaders(folder, name)
      if (headers === null) return [missing('public symbols', `${name} could not be fetched; run apt-get update first.`)]
      const built = await build(headers)
      const files = built.files.filter(({ language }) => language === 'C').map(({ file }) => file)
      comparisons.push(compare(`${name} public symbols`, ourNames(built.symbols, 'C'), ctagsNames(headers, files, false)))
    }
    return comparisons
  },
}
