/** The two answers of S3 that we read, by a scanner that knows no documents types, no entities but five, and so no tricks. */
import { DoctownError } from '../../contracts/errors.js'
import type { ObjectInfo } from './port.js'

/** `NoSuchKey`, `SignatureDoesNotMatch`, ...; `undefined` when the body does not tell. Nothing else of an error is shown: it may echo the request. */
export function readErrorCode(body: Buffer): string | undefined {
  return /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(body.toString('utf8', 0, 64 * 1024))?.[1]
}

/** One page of ListObjectsV2. `next` continues it; `undefined` on the last. Throws `object_store_refused` for something else. */
export function readListPage(body: Buffer): { readonly objects: ObjectInfo[]; readonly next: string | undefined } {
  const xml = body.toString('utf8')
  if (!/<ListBucketResult[\s>]/.test(xml)) throw unreadable()
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, item = '']) => readObject(item))
  const outside = xml.replaceAll(/<Contents>[\s\S]*?<\/Contents>/g, '')
  if (element(outside, 'IsTruncated')?.trim() !== 'true') return { objects, next: undefined }
  const next = element(outside, 'NextContinuationToken')
  if (next === undefined || next === '') throw unreadable()
  return { objects, next }
}

function readObject(item: string): ObjectInfo {
  const key = element(item, 'Key')
  const size = Number(element(item, 'Size'))
  const modifiedAt = new Date(element(item, 'LastModified') ?? '')
  if (key === undefined || !Number.isSafeInteger(size) || Number.isNaN(modifiedAt.getTime())) throw unreadable()
  return { key, size, etag: (element(item, 'ETag') ?? '').replaceAll('"', ''), modifiedAt }
}

const unreadable = (): DoctownError =>
  new DoctownError('object_store_refused', 'The object store answered a listing with something we cannot read. Check BUCKET_ENDPOINT.')

function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  const end = xml.indexOf(`</${name}>`, start)
  return start < 0 || end < 0 ? undefined : decode(xml.slice(start + name.length + 2, end))
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decode = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
