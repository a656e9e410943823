/** The choice of stores that worker and command line share. Only files of this folder import it. */
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createFilesystemObjectStore } from '@doctown/common/ports/object-store/filesystem.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { createS3ObjectStore } from '@doctown/common/ports/object-store/s3.js'
import { createLocalVectorStore } from '@doctown/common/ports/vector-store/local.js'
import { createQdrantVectorStore } from '@doctown/common/ports/vector-store/qdrant.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import type { WorkerConfig } from '../config.js'
import type { DataFolder } from '../worker/data-folder.js'

type StoreConfig = Pick<
  WorkerConfig,
  'BUCKET_ENDPOINT' | 'BUCKET_NAME' | 'BUCKET_ACCESS_KEY_ID' | 'BUCKET_SECRET' | 'QDRANT_URL' | 'QDRANT_API_KEY'
>

/** Where docpacks go: R2 or any S3 when BUCKET_* is set, else a folder. */
export async function createObjectStore(config: StoreConfig, folder: Pick<DataFolder, 'objects'>): Promise<ObjectStore> {
  const { BUCKET_ENDPOINT: endpoint, BUCKET_ACCESS_KEY_ID: accessKeyId, BUCKET_SECRET: secretAccessKey } = config
  if (endpoint === undefined) return createFilesystemObjectStore({ folder: folder.objects })
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new DoctownError('config_invalid', 'BUCKET_ACCESS_KEY_ID and BUCKET_SECRET are needed with BUCKET_ENDPOINT.')
  }
  return createS3ObjectStore({ endpoint, bucket: config.BUCKET_NAME, accessKeyId, secretAccessKey })
}

/** Where vectors go: Qdrant when QDRANT_URL is set, else a file. */
export async function createVectorStore(config: StoreConfig, folder: Pick<DataFolder, 'vectors'>): Promise<VectorStore> {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey } = config
  return url === undefined ? createLocalVectorStore({ folder: folder.vectors }) : createQdrantVectorStore({ url, apiKey })
}
