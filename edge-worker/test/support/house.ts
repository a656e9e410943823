import { openGitShelf, type GitShelf } from './git-shelf.js'
import { startStack, type Stack } from './stack.js'

/** A git shelf and a whole stack that live as long as the `describe` in which this is called. */
export function useHouse(): { readonly git: GitShelf; readonly stack: Stack } {
  let git: GitShelf | undefined
  let stack: Stack | undefined
  before(async () => {
    git = await openGitShelf()
    stack = await startStack({ allowedHosts: git.origin })
  })
  after(async () => {
    await stack?.close()
    await git?.close()
  })
  const open = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the house is not open outside its tests')
    return part
  }
  return {
    get git() {
      return open(git)
    },
    get stack() {
      return open(stack)
    },
  }
}
