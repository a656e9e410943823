import { existsSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { KnownModel, ModelFile } from '@doctown/common/contracts/model-list.js'
import { download, hashOf } from '@doctown/common/runtime/download.js'
import type { Console } from './console.js'

export interface ModelsContext {
  readonly known: readonly KnownModel[]
  /** Where models are kept: `<data folder>/models`. */
  readonly folder: string
  /** What relative addresses of models.json are relative to; `null` when nobody said. */
  readonly modelsUrl: string | null
  readonly builtIn: {
    readonly name: string
    readonly dimensions: number
    readonly folder: string
    readonly file: string
    readonly sha256: string
  }
  /** Opens a folder and embeds a text with it: name and dimensions, or throws `model_invalid`. */
  readonly tryModel: (folder: string) => Promise<{ readonly name: string; readonly dimensions: number }>
  readonly signal: AbortSignal
}

/** One row of what every `doctown models` command prints. */
interface Shown {
  readonly name: string
  readonly dimensions: number
  readonly bytes: number
  /** Of the weights. */
  readonly sha256: string
  readonly path: string
  readonly ok: boolean
  readonly detail: string
}

/** `doctown models list`: the built-in model, and those of models.json, here or not. Gives the exit code. */
export async function listModels(context: ModelsContext, console: Console): Promise<number> {
  return show([await builtInRow(context), ...(await Promise.all(context.known.map((model) => knownRow(model, context))))], console)
}

/** `doctown models pull NAME`: fetches what is missing, goes on where a try broke off. Throws `model_unknown`, `download_failed`, `checksum_mismatch`, `usage` for a MODELS_URL that is none. */
export async function pullModel(name: string, context: ModelsContext, console: Console): Promise<number> {
  const model = context.known.find((each) => each.name === name)
  if (model === undefined) {
    const names = context.known.map((each) => each.name).join(', ')
    throw new DoctownError('model_unknown', `No model is called ${name}; known: ${names}. Any other folder can be named in MODEL_PATH.`)
  }
  const folder = join(context.folder, name)
  await mkdir(folder, { recursive: true })
  const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0)
  let before = 0
  for (const file of model.files) {
    const path = join(folder, file.name)
    if (!(await isWhole(path, file))) {
      const progress = (bytes: number): void =>
        console.overwrite(`${name}  ${file.name}  ${megabytes(before + bytes)} of ${megabytes(total)} MB`)
      const url = addressOf(file, model, context.modelsUrl)
      if (!console.live) console.note(`Fetching ${file.name} (${megabytes(file.bytes)} MB)`)
      const { sha256, bytes } = file
      await download({ url, path, sha256, bytes, signal: context.signal, progress })
    }
    before += file.bytes
  }
  await context.tryModel(folder)
  return show([await knownRow(model, context)], console)
}

/** `doctown models check [DIR]`: every model that is here, or the folder named, is whole and embeds a text. Exit 1 when one does not. Throws `folder_not_found`. */
export async function checkModels(folder: string | null, context: ModelsContext, console: Console): Promise<number> {
  if (folder !== null && !existsSync(folder)) throw new DoctownError('folder_not_found', `There is no folder ${folder}; check the path.`)
  const rows =
    folder !== null
      ? [await tried(await folderRow(folder), folder, context)]
      : [
          await builtInRow(context),
          ...(await Promise.all(
            context.known.map(async (model) => {
              const row = await knownRow(model, context)
              return row.ok ? tried(row, row.path, context) : row
            }),
          )),
        ].filter((row) => row.detail !== NOT_HERE)
  show(rows, console)
  return rows.every(({ ok }) => ok) ? 0 : 1
}

const NOT_HERE = 'not here; doctown models pull fetches it'

async function builtInRow({ builtIn }: ModelsContext): Promise<Shown> {
  const { name, dimensions, folder, file, sha256 } = builtIn
  const ok = (await hashOf(join(folder, file))) === sha256
  const detail = ok ? 'built in' : 'damaged; restore common/models/small from the repository'
  return { name, dimensions, bytes: await sizeOf(join(folder, file)), sha256, path: folder, ok, detail }
}

async function knownRow({ name, dimensions, files }: KnownModel, { folder }: ModelsContext): Promise<Shown> {
  const path = join(folder, name)
  const whole = await Promise.all(files.map((file) => isWhole(join(path, file.name), file)))
  const here = await Promise.all(files.map(async (file) => (await sizeOf(join(path, file.name))) > 0))
  const ok = whole.every(Boolean)
  const wrong = files.filter((_, at) => !whole[at]).map((file) => file.name)
  const detail = ok ? 'here' : here.some(Boolean) ? `${wrong.join(', ')} missing or damaged; pull it again` : NOT_HERE
  const weights = files.reduce((largest, file) => (file.bytes > largest.bytes ? file : largest))
  return { name, dimensions, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), sha256: weights.sha256, path, ok, detail }
}

async function folderRow(folder: string): Promise<Shown> {
  const weights = join(folder, 'model.onnx')
  return {
    name: basename(folder),
    dimensions: 0,
    bytes: await sizeOf(weights),
    sha256: (await hashOf(weights)) ?? '',
    path: folder,
    ok: true,
    detail: '',
  }
}

async function tried(row: Shown, folder: string, { tryModel }: ModelsContext): Promise<Shown> {
  try {
    const { name, dimensions } = await tryModel(folder)
    return { ...row, name: row.detail === '' ? name : row.name, dimensions, detail: 'embeds a text' }
  } catch (error) {
    return { ...row, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function show(models: readonly Shown[], console: Console): number {
  const width = Math.max(...models.map(({ name }) => name.length))
  console.answer(
    { models },
    models.map(
      ({ name, dimensions, bytes, ok, detail, path }) =>
        `${ok ? '✓' : '·'} ${name.padEnd(width)} ${String(dimensions).padStart(5)} dimensions ${megabytes(bytes).padStart(6)} MB  ${detail}${ok ? ` (${path})` : ''}`,
    ),
  )
  return 0
}

/** Throws `download_failed` when the list knows no address and nobody named one, `usage` when the one named is none. */
function addressOf(file: ModelFile, { name }: KnownModel, modelsUrl: string | null): string {
  if (modelsUrl !== null) {
    if (!/^https?:\/\//i.test(modelsUrl) || !URL.canParse(modelsUrl))
      throw new DoctownError('usage', `MODELS_URL is ${modelsUrl}, which is no http address; correct it or leave it out.`)
    return new URL(relativePart(file.url), modelsUrl.endsWith('/') ? modelsUrl : `${modelsUrl}/`).href
  }
  if (URL.canParse(file.url)) return file.url
  throw new DoctownError(
    'download_failed',
    `models.json pins the bytes of ${name} but knows no address for them; set MODELS_URL to a place that serves ${file.url}, or name a folder that you have in MODEL_PATH.`,
  )
}

/** MODELS_URL takes the place of what stands before the last two parts of an absolute address. */
function relativePart(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.split('/').slice(-2).join('/') : url
}

const isWhole = async (path: string, { sha256, bytes }: ModelFile): Promise<boolean> =>
  (await sizeOf(path)) === bytes && (await hashOf(path)) === sha256

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
