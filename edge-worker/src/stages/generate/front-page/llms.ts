import { LIMITS } from '@doctown/common/contracts/limits.js'
import { symbolFileName } from '@doctown/common/runtime/symbol-file-name.js'
import { splitFirstSentence } from '../comment/first-sentence.js'
import { counted } from '../facts/wording.js'
import { markdownText } from './markdown-text.js'
import type { PageFacts, PageInput, Shown } from './page-facts.js'

const SECTIONS = 12
const IN_A_SECTION = 12
const OPTIONAL = 40

/**
 * llms.txt: the front page for agents, in the form of llmstxt.org: a title, a summary as a quote, then sections of links.
 * Links are names of entries in this docpack, exactly as the ZIP spells them. Only symbols whose documents stand in docs/ are linked,
 * whatever the size of the repository.
 */
export function llmsText(input: PageInput, facts: PageFacts): string {
  const { repository, symbols, clusters } = input
  const first = facts.introductions.length === 1 ? facts.introductions[0] : undefined
  const introduction = first === undefined ? '' : `${markdownText(splitFirstSentence(first.text).first)} `
  // The package stage gives files to the first of the same order.
  const inDocs = new Set(facts.shown.slice(0, LIMITS.docsFiles).map(({ symbol }) => symbol.id))
  const sections = facts.groups.slice(0, SECTIONS).map(({ cluster, shown }) => ({
    label: cluster.label,
    shown: shown.filter(({ symbol, isLandmark }) => isLandmark && inDocs.has(symbol.id)).slice(0, IN_A_SECTION),
  }))
  const linked = new Set(sections.flatMap(({ shown }) => shown.map(({ symbol }) => symbol.id)))
  const others = facts.shown
    .filter(({ symbol, isLandmark }) => isLandmark && inDocs.has(symbol.id) && !linked.has(symbol.id))
    .slice(0, OPTIONAL)
  return `${[
    `# ${markdownText(repository.name)}`,
    `> ${introduction}Documentation of ${repository.url} at commit ${repository.commit_sha}: ${counted(symbols.length, 'symbol')} (${facts.languages.map(([language]) => language).join(', ') || 'no public ones'}) in ${counted(clusters.length, 'cluster')}.`,
    `One JSON document a symbol stands in \`docs/\`, those beyond 9,000 one a line in \`docs-rest.jsonl\`. A file name is the symbol's id with every byte outside \`[A-Za-z0-9._-]\` as \`%XX\`; \`symbols.json\` holds signatures, files and lines, \`graph.json\` who calls, uses and holds whom.`,
    '## Files',
    [
      '- [Overview](overview.md): the front page for people',
      '- [Manifest](manifest.json): repository, commit, counts, models, hashes of all entries',
      '- [Symbols](symbols.json): every documented symbol with signature, file and lines',
      '- [Graph](graph.json): nodes and typed edges, private ones too',
      '- [Clusters](clusters.json): the parts of the code with labels and members',
      '- [Contexts](symbol_contexts.json): callers, callees and centrality of each symbol',
    ].join('\n'),
    ...sections.flatMap(({ label, shown }) => (shown.length === 0 ? [] : [`## ${markdownText(label)}`, shown.map(link).join('\n')])),
    ...(others.length === 0 ? [] : ['## Optional', others.map(link).join('\n')]),
  ].join('\n\n')}\n`
}

const link = ({ symbol, summary }: Shown): string =>
  `- [${markdownText(symbol.path)}](docs/${symbolFileName(symbol.id)}.json): ${markdownText(summary)}`
