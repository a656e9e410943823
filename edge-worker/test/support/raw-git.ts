/**
 * Writes trees that git itself refuses to write: every object is made by hand, hashed and deflated. The JSON form
 * is the one of `bad-inputs.json`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'

/** Bytes as `bad-inputs.json` writes them. */
export type BytesForm =
  | { readonly text: string }
  | { readonly hex: string }
  | { readonly concat: readonly BytesForm[] }
  | { readonly repeat: string; readonly times: number }
  | { readonly each: { readonly from: number; readonly to: number; readonly template: string; readonly join?: string } }
  | { readonly fill: string; readonly bytes: number }

export interface TreeForm {
  readonly mode: string
  readonly name: BytesForm
  /** One of the three; `oid` names an object that is not written. */
  readonly blob?: BytesForm
  readonly tree?: readonly TreeForm[]
  readonly oid?: string
}

export function toBytes(form: BytesForm): Buffer {
  if ('text' in form) return Buffer.from(form.text, 'utf8')
  if ('hex' in form) return Buffer.from(form.hex, 'hex')
  if ('concat' in form) return Buffer.concat(form.concat.map(toBytes))
  if ('repeat' in form) return Buffer.from(form.repeat.repeat(form.times), 'utf8')
  if ('fill' in form) return Buffer.alloc(form.bytes, Buffer.from(form.fill, 'hex'))
  const { from, to, template, join: separator = '' } = form.each
  const parts = Array.from({ length: to - from }, (_, i) => template.replaceAll('{i}', String(from + i)))
  return Buffer.from(parts.join(separator), 'utf8')
}

/** Makes a bare repository whose branch `main` holds exactly this tree. Gives the commit's id. */
export function writeRawRepository(folder: string, tree: readonly TreeForm[]): string {
  const repository = new RawRepository(folder)
  return repository.commit(repository.tree(tree))
}

/** A bare repository that takes any bytes as any object. */
export class RawRepository {
  readonly #objects: string

  constructor(folder: string) {
    this.#objects = join(folder, 'objects')
    mkdirSync(join(folder, 'refs/heads'), { recursive: true })
    mkdirSync(join(folder, 'refs/tags'), { recursive: true })
    mkdirSync(this.#objects, { recursive: true })
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n')
    writeFileSync(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
  }

  object(type: 'blob' | 'tree' | 'commit' | 'tag', content: Buffer): string {
    const header = Buffer.from(`${type} ${content.length}\0`)
    const oid = createHash('sha1').update(header).update(content).digest('hex')
    mkdirSync(join(this.#objects, oid.slice(0, 2)), { recursive: true })
    writeFileSync(join(this.#objects, oid.slice(0, 2), oid.slice(2)), deflateSync(Buffer.concat([header, content])))
    return oid
  }

  /** Entries stand in the order given, sorted or not. */
  tree(entries: readonly TreeForm[]): string {
    const lines = entries.map(({ mode, name, blob, tree, oid }) => {
      const id = oid ?? (tree ? this.tree(tree) : this.object('blob', toBytes(blob ?? { text: '' })))
      return Buffer.concat([Buffer.from(`${mode} `), toBytes(name), Buffer.from([0]), Buffer.from(id, 'hex')])
    })
    return this.object('tree', Buffer.concat(lines))
  }

  /** A commit of the tree, and the ref that names it. */
  commit(tree: string, ref = 'refs/heads/main'): string {
    const who = 'corpus <corpus@example.invalid> 1704067200 +0000'
    const oid = this.object('commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nodd\n`))
    this.ref(ref, oid)
    return oid
  }

  ref(name: string, oid: string): void {
    writeFileSync(join(this.#objects, '..', name), `${oid}\n`)
  }
}
