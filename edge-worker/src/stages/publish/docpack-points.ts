import type { DocpackReader } from '@doctown/common/docpack/read.js'
import { blockRows, modelName, type PointSource } from './symbol-points.js'

/** A docpack's points, read back from the docpack itself. */
export async function pointSourceOf(
  docpack: DocpackReader,
  { docpackId, private: isPrivate }: Pick<PointSource, 'docpackId' | 'private'>,
): Promise<PointSource> {
  const [small, text, structure] = await Promise.all((['small', 'text', 'structure'] as const).map((name) => docpack.vectors(name)))
  const models = docpack.manifest.generators.embedding_models
  return {
    repository: docpack.manifest.repository,
    docpackId,
    private: isPrivate,
    graph: await docpack.graph(),
    chunkSymbols: (await docpack.chunks()).map(({ symbol_id }) => symbol_id),
    small: small === undefined ? null : blockRows(small),
    text: text === undefined ? null : blockRows(text),
    structure: structure === undefined ? null : blockRows(structure),
    symbols: await docpack.symbols(),
    searchTexts: await docpack.searchTexts(),
    smallModel: modelName(models.small),
    textModel: modelName(models.text),
  }
}
