import type { DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackList, DocpackView } from '@doctown/common/contracts/http/bodies.js'
import type { DocpackId } from '@doctown/common/contracts/ids.js'
import type { CommonsQuery } from '../use-cases/commons.js'
import type { DocpackFiles } from '../use-cases/docpack-files.js'
import type { Shelf } from '../use-cases/shelf.js'
import type { Handlers } from './handler.js'

export interface DocpacksUseCases {
  readonly shelf: Pick<Shelf, 'find'>
  readonly commons: (query: CommonsQuery) => Promise<DocpackList>
  readonly docpackView: (record: DocpackRecord) => Promise<DocpackView>
  readonly files: DocpackFiles
  readonly removeDocpack: (id: DocpackId) => Promise<void>
}

export function docpacksRoutes(useCases: DocpacksUseCases): Pick<Handlers, 'docpacks' | 'docpack' | 'download' | 'removeDocpack'> {
  const { shelf, commons, docpackView, files, removeDocpack } = useCases
  return {
    docpacks: async ({ query, isAdmin }) => ({ status: 200, json: await commons({ ...query, includePrivate: isAdmin }) }),
    docpack: async ({ params, isAdmin }) => {
      const record = await shelf.find(params.docpack_id, { includePrivate: isAdmin })
      return { status: 200, json: await docpackView(record) }
    },
    download: async ({ params, isAdmin, request, response }) => {
      const record = await shelf.find(params.docpack_id, { includePrivate: isAdmin })
      const etag = `"${record.sha256}"`
      const headers = {
        etag,
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${fileName(record)}"`,
        'cache-control': record.visibility === 'private' ? 'no-store' : 'public, max-age=86400, immutable',
      }
      if (isHeld(request.get('if-none-match'), etag)) return { status: 304, headers, content: null }
      if (request.method === 'HEAD')
        return { status: 200, headers: { ...headers, 'content-length': String(record.size_bytes) }, content: null }
      const { bytes, release } = await files.open(record)
      response.once('close', release)
      return { status: 200, headers, content: bytes }
    },
    removeDocpack: async ({ params }) => {
      await removeDocpack(params.docpack_id)
      return { status: 204, headers: {}, content: null }
    },
  }
}

/** `walkdir-a1b2c3d.docpack`: nothing that a header or a file system could misread. */
const fileName = ({ repo_url, commit_sha }: DocpackRecord): string => {
  const name = (repo_url.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '')
  return `${name === '' ? 'docpack' : name}-${commit_sha.replace(/^worktree-/, '').slice(0, 7)}.docpack`
}

/** RFC 9110: `*`, or a list in which weak and strong compare equal. */
const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
