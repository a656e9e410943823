import type { DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackView } from '@doctown/common/contracts/http/bodies.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import type { DocpackFiles } from './docpack-files.js'

/** A manifest is a few KiB to a few hundred. */
const KEPT = 50

export interface DocpackViewOptions {
  readonly files: DocpackFiles
  /** Throws `invalid_docpack`, `unsafe_entry`, `docpack_too_new`. */
  readonly readManifest: (bytes: Uint8Array) => Promise<Manifest>
}

/** A docpack with its manifest, which its id pins, so that it is read from the file only once. */
export function createDocpackView({ files, readManifest }: DocpackViewOptions): (record: DocpackRecord) => Promise<DocpackView> {
  const manifests = new Map<string, Promise<Manifest>>()

  const read = async (record: DocpackRecord): Promise<Manifest> => {
    const { bytes, release } = await files.open(record)
    try {
      return await readManifest(bytes)
    } finally {
      release()
    }
  }

  return async (record) => {
    const { docpack_id, repo_url, built_at, size_bytes } = record
    let manifest = manifests.get(docpack_id)
    if (manifest === undefined) {
      manifest = read(record)
      manifests.set(docpack_id, manifest)
      manifest.catch(() => manifests.delete(docpack_id))
      for (const oldest of manifests.keys()) if (manifests.size > KEPT) manifests.delete(oldest)
    }
    return { docpack_id, repo_url, manifest: await manifest, built_at, size_bytes }
  }
}
