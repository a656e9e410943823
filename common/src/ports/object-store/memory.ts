import { DoctownError } from '../../contracts/errors.js'
import { compareBytes, sha256Hex } from '../../runtime/bytes.js'
import { assertObjectKey, assertObjectPrefix, type ObjectInfo, type ObjectStore } from './port.js'

interface StoredObject extends ObjectInfo {
  readonly body: Uint8Array
}

/** Objects in this process, gone with it: for tests and for a look around. */
export function createMemoryObjectStore(): ObjectStore {
  const objects = new Map<string, StoredObject>()
  const info = ({ key, size, etag, modifiedAt }: StoredObject): ObjectInfo => ({ key, size, etag, modifiedAt })

  return {
    async put(key, body, options = {}) {
      assertObjectKey(key)
      options.signal?.throwIfAborted()
      if (options.onlyIfAbsent === true && objects.has(key)) {
        throw new DoctownError('precondition_failed', `There is an object ${key} already.`)
      }
      // Copied in and out, so that nobody holds the stored bytes.
      objects.set(key, { key, size: body.byteLength, etag: sha256Hex(body), modifiedAt: new Date(), body: Uint8Array.from(body) })
    },

    async get(key, options = {}) {
      assertObjectKey(key)
      options.signal?.throwIfAborted()
      const found = objects.get(key)
      return found === undefined ? undefined : Uint8Array.from(found.body)
    },

    async head(key) {
      assertObjectKey(key)
      const found = objects.get(key)
      return found === undefined ? undefined : info(found)
    },

    async list(prefix) {
      assertObjectPrefix(prefix)
      const found = [...objects.values()].filter(({ key }) => key.startsWith(prefix))
      return found.map(info).sort((a, b) => compareBytes(a.key, b.key))
    },

    async remove(key) {
      assertObjectKey(key)
      objects.delete(key)
    },

    async close() {},
  }
}
