import { compare, missing, type Comparison, type LanguageBench } from './language-bench.js'
import { ctagsNames, ourNames } from './ctags.js'
import { fetchHeaders } from './debian.js'
import { hasTool } from './run-tool.js'

/** Public symbols of the headers of Debian's -dev packages against those that Universal Ctags sees. */
export function headerBench(language: 'C' | 'C++', packages: readonly string[]): LanguageBench {
  return {
    project: `${packages.join(', ')} (Debian)`,
    judge: 'Universal Ctags',
    async run({ folder, build }) {
      if (!hasTool('ctags')) return [missing('public symbols', 'ctags is not installed; install universal-ctags.')]
      if (!hasTool('apt-get')) return [missing('public symbols', 'apt-get is not installed; this bench reads packages of Debian.')]
      const comparisons: Comparison[] = []
      for (const name of packages) {
        const headers = fetchHeaders(folder, name)
        if (headers === null) return [missing('public symbols', `${name} could not be fetched; run apt-get update first.`)]
        const built = await build(headers)
        const files = built.files.filter(({ language: each }) => each === language).map(({ file }) => file)
        comparisons.push(
          compare(`${name} public symbols`, ourNames(built.symbols, language), ctagsNames(headers, files, language === 'C++')),
        )
      }
      return comparisons
    },
  }
}
