/**
 * ONNX Runtime from 1.29 on sends Microsoft facts of every session (names and digests of models, the machine) and keeps a database of them under the
 * user's cache folder, unless this is set before its first session. What a repository is searched or built with is nobody's business. For the main thread:
 * in a worker thread `process.env` is a copy that native code does not see. Child processes inherit it.
 */
export function refuseTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
}
