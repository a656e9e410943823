import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

/** The embedding model that ships in the repository. */
export const builtInModelFolder = (): string => join(repositoryRoot(), 'common', 'models', 'small')
