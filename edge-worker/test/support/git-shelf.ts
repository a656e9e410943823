import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGitServer, type GitServer } from './git-server.js'
import { makeWalkdirRepository } from './walkdir-repository.js'

/** Repositories served over smart HTTP for as long as a test runs. */
export interface GitShelf {
  readonly server: GitServer
  readonly origin: string
  /** Folder of the bare repositories. */
  readonly root: string
  /** Address of a repository called `name`, as a person would submit it. */
  address(name: string): string
  /** Puts walkdir on the shelf under this name and gives its address. */
  addWalkdir(name: string): Promise<string>
  close(): Promise<void>
}

export async function openGitShelf(): Promise<GitShelf> {
  const root = await mkdtemp(join(tmpdir(), 'doctown-git-'))
  const server = await startGitServer(root)
  const address = (name: string): string => `${server.host}/${name}.git`
  return {
    server,
    origin: server.origin,
    root,
    address,
    async addWalkdir(name) {
      await makeWalkdirRepository(join(root, `${name}.git`), { bare: true })
      return address(name)
    },
    async close() {
      await server.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
