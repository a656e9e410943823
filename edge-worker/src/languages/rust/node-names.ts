import { createNodeNames } from '../node-names.js'

export const RUST_NAMES = createNodeNames()
export const { typeOf, isNamed, fieldOf } = RUST_NAMES
