import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Request, Response, Router } from 'express'
import type { Handlers } from './handler.js'

/** The files of the web page, read once; everything else in the folder is nobody's business. */
const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/assets/dashboard.css': ['dashboard.css', 'text/css; charset=utf-8'],
  '/assets/dashboard.js': ['dashboard.js', 'text/javascript; charset=utf-8'],
  '/assets/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const

type Path = keyof typeof FILES
interface PageFile {
  readonly content: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export interface Page {
  readonly handlers: Pick<Handlers, 'page'>
  /** Style, program and icon: parts of the page, not of the contract. */
  mountAssets(router: Router): void
}

export function createPage(options: { readonly folder: string; readonly basePath: string }): Page {
  const files = Object.fromEntries(
    Object.entries(FILES).map(([path, [name, type]]) => [path, load(join(options.folder, name), type)]),
  ) as Record<Path, PageFile>
  return {
    handlers: {
      page: ({ request }) => {
        // Addresses in the page are relative, so the slash at the end of the prefix matters.
        if (options.basePath !== '' && request.originalUrl.split('?')[0] === options.basePath) {
          return { status: 308, headers: { location: `${options.basePath}/` }, content: null }
        }
        return { status: 200, headers: files['/'].headers, content: files['/'].content }
      },
    },
    mountAssets(router) {
      for (const path of Object.keys(FILES) as Path[]) {
        if (path === '/') continue
        router.get(path, (_request: Request, response: Response) => void response.set(files[path].headers).send(files[path].content))
      }
    },
  }
}

function load(file: string, contentType: string): PageFile {
  const content = readFileSync(file)
  const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`
  return { content, headers: { 'content-type': contentType, etag, 'cache-control': 'no-cache' } }
}
