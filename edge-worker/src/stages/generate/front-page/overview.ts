import { code, counted, joined } from '../facts/wording.js'
import { clusterDiagram } from './cluster-diagram.js'
import { markdownText } from './markdown-text.js'
import type { PageFacts, PageInput, Shown } from './page-facts.js'

const START_HERE = 10
const INTRODUCTIONS = 8
const GROUPS = 20
const IN_A_GROUP = 4

/** overview.md: the repository's front page for people. */
export function overviewText(input: PageInput, facts: PageFacts): string {
  const { repository, clusters, graph } = input
  const diagram = clusterDiagram(graph, clusters)
  const start = authorsFirst(facts.shown.filter(({ symbol, isLandmark }) => isLandmark && symbol.is_public_api)).slice(0, START_HERE)
  return `${[
    `# ${markdownText(repository.name)}`,
    ...facts.introductions.slice(0, INTRODUCTIONS).map(({ name, text }) => `**${markdownText(name)}**: ${markdownText(text)}`),
    opening(input, facts),
    ...(start.length === 0 ? [] : ['## Start here', 'The names that most of the code leans on.', start.map(line).join('\n')]),
    ...(facts.programs.length === 0
      ? []
      : [
          '## Programs',
          facts.programs
            .slice(0, START_HERE)
            .map((node) => `- ${code(node.file)}, line ${node.line ?? 1}`)
            .join('\n'),
        ]),
    ...(facts.groups.length === 0 ? [] : ['## Parts', partsIntroduction(clusters.length), ...facts.groups.slice(0, GROUPS).map(groupText)]),
    ...(facts.groups.length > GROUPS ? [`${counted(facts.groups.length - GROUPS, 'smaller part')} more: see \`clusters.json\`.`] : []),
    ...(diagram === ''
      ? []
      : ['## How the parts hang together', 'An arrow reads "uses"; the number counts calls, types, implementations and imports.', diagram]),
    '## How this was written',
    'Summaries are drawn from the doc comments in the source, or composed from signatures and the graph where there is no comment. No language model wrote here.',
  ].join('\n\n')}\n`
}

function opening({ repository, symbols, documents, clusters }: PageInput, facts: PageFacts): string {
  const languages = facts.languages.map(([language, count]) => (facts.languages.length === 1 ? language : `${language} (${count})`))
  const commented = documents.filter((document) => document.generated_by === 'extractive:comment').length
  const share = documents.length === 0 ? 0 : Math.round((100 * commented) / documents.length)
  return [
    `${code(repository.url)} at commit ${code(repository.commit_sha.slice(0, 12))}${repository.branch === '' ? '' : ` of ${code(repository.branch)}`}.`,
    symbols.length === 0
      ? facts.isEmptyByChoice
        ? 'Documents were left out of this build.'
        : 'Nothing in it is public; build with `--include-private` to see all of it.'
      : `${counted(symbols.length, 'documented symbol')} in ${joined(languages)}, from ${counted(facts.files, 'file')}, joined by ${counted(facts.edges, 'edge')} in ${counted(clusters.length, 'part')}. ${share} % of the summaries are the authors' own words.`,
  ].join('\n')
}

const partsIntroduction = (count: number): string =>
  `${count === 1 ? 'The code is one part' : `The code falls into ${count} parts`} by who calls, uses and holds whom; cohesion is the share of a part's edges that stay inside it.`

function groupText({ cluster, shown }: PageFacts['groups'][number]): string {
  const landmarks = shown.filter(({ isLandmark }) => isLandmark)
  return [
    `### ${markdownText(cluster.label)}`,
    `${counted(cluster.size, 'member')}, cohesion ${cluster.cohesion.toFixed(2)}.`,
    authorsFirst(landmarks.length === 0 ? shown : landmarks)
      .slice(0, IN_A_GROUP)
      .map(line)
      .join('\n'),
  ].join('\n\n')
}

/** What somebody wrote about comes before what only facts tell of; else by centrality. */
const authorsFirst = (shown: readonly Shown[]): readonly Shown[] => [
  ...shown.filter(({ isAuthored }) => isAuthored),
  ...shown.filter(({ isAuthored }) => !isAuthored),
]

const line = ({ symbol, shownName, summary }: Shown): string =>
  `- ${code(shownName)} (${symbol.symbol_type.replace('_', ' ')}, ${code(`${symbol.file}:${symbol.line}`)}): ${markdownText(summary)}`
