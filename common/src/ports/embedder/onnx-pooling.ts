import { encodeAddition } from '../../runtime/onnx-message.js'
import type { Pooling } from './onnx-folder.js'
import { readOnnxFile } from './onnx-file.js'

/** Names that no exporter gives. */
export const POOL_INPUT = 'doctown_pool'
export const POOL_OUTPUT = 'doctown_pooled'

/**
 * The model with one node more, which makes a text's vector of its tokens' vectors: [batch, 1, length] x [batch, length, width]. A batch then
 * leaves the session as [batch, 1, width]; to copy every token's vector out and add them up here keeps a GPU waiting. `null` where that cannot
 * be done: the model pools by itself, tells no shape, or has its weights in a second file. `output` as in `OnnxModelFolder`.
 * Throws for a file that is cut.
 */
export function withPooling(model: Uint8Array, output: string | null): Uint8Array | null {
  const { outputs, hasExternalData } = readOnnxFile(model)
  const tokens = output === null ? outputs[0] : outputs.find(({ name }) => name === output)
  if (hasExternalData || tokens?.rank !== 3 || !tokens.isFloat) return null
  const addition = encodeAddition({
    nodes: [{ op: 'MatMul', inputs: [POOL_INPUT, tokens.name], outputs: [POOL_OUTPUT], attributes: {} }],
    inputs: [{ name: POOL_INPUT, element: 'float', shape: ['doctown_batch', 1, 'doctown_length'] }],
    outputs: [{ name: POOL_OUTPUT, element: 'float', shape: ['doctown_batch', 1, 'doctown_width'] }],
    constants: [],
  })
  const out = new Uint8Array(model.length + addition.length)
  out.set(model)
  out.set(addition, model.length)
  return out
}

/** Share of each token in its text's vector, row-major [batch, length]; padding has none. */
export function poolShares(lengths: readonly number[], length: number, pooling: Pooling): Float32Array {
  const shares = new Float32Array(lengths.length * length)
  lengths.forEach((count, row) => {
    const start = row * length
    if (pooling === 'mean') shares.fill(1 / count, start, start + count)
    else shares[start + (pooling === 'cls' ? 0 : count - 1)] = 1
  })
  return shares
}
