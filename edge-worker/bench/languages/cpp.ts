import { ctagsNames, ourNames } from '../language-bench/ctags.js'
import { fetchHeaders } from '../language-bench/debian.js'
import { compare, missing, type Comparison, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool } from '../language-bench/run-tool.js'

const PACKAGES = ['libleveldb-dev', 'libre2-dev', 'libfmt-dev', 'libspdlog-dev', 'libgtest-dev']

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
      const files = built.files.filter(({ language }) => language === 'C++').map(({ file }) => file)
      comparisons.push(compare(`${name} public symbols`, ourNames(built.symbols, 'C++'), ctagsNames(headers, files, true)))
    }
    return comparisons
  },
}
