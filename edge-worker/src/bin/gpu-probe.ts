/** Run as a child by `doctown doctor`: which providers of ONNX Runtime really compute here. A provider may print or crash, so it is alone. */
import { InferenceSession, Tensor } from 'onnxruntime-node'

/** A model of one addition, y = x + x, opset 18, 63 bytes. */
const MODEL = 'CAk6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIAmIPCgF5EgoKCAgBEgQKAggCQgQKABAS'

const provider = process.argv[2] ?? 'cpu'
try {
  const session = await InferenceSession.create(Buffer.from(MODEL, 'base64'), { executionProviders: [provider], logSeverityLevel: 4 })
  const { y } = await session.run({ x: new Tensor('float32', [1, 2], [2]) })
  process.stdout.write(JSON.stringify({ ok: Number(y?.data[1]) === 4 }))
} catch (error) {
  process.stdout.write(
    JSON.stringify({ ok: false, reason: error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : String(error) }),
  )
}
process.exit(0)
