import type { RepositoryModel } from './build-model.js'
import type { Methods } from './methods.js'
import type { Names } from './names.js'
import type { Types } from './types.js'

/** All that is known of the repository before its calls are looked at. */
export interface World {
  readonly model: RepositoryModel
  readonly names: Names
  readonly types: Types
  readonly methods: Methods
}
