import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reading } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import type { FlowScope } from './flow-scope.js'

/** Where the reader of a Python file stands. */
export interface PythonPlace {
  /** The innermost symbol that holds it. */
  readonly owner: SymbolId | null
  readonly scope: FlowScope
  readonly inMacro: false
  /** The class whose body or method it is in. */
  readonly holder: ClassHolder | null
  /** Functions inside this one are read when it is done, because they see its names as it leaves them. */
  readonly later: (() => void)[]
}

export interface ClassHolder {
  readonly id: SymbolId
  /** Its name with those of the classes around it. */
  readonly path: readonly string[]
  /** What its methods see: the names around it. */
  readonly around: FlowScope
  /** Types of its attributes as its own text tells them, `null` for one that is given what cannot be told. */
  readonly attributes: Map<string, string | null>
  /** Attributes that the class declares itself, with their types. */
  readonly declared: Set<string>
  /** Its attributes are its instances. */
  readonly isEnum: boolean
}

export interface PythonReading {
  readonly reading: Reading
  /** The deadline has passed: nobody will see what is read from here on. */
  readonly isLate: () => boolean
  /** Names that the module defines or imports, which are looked up by name and not by what they were given. */
  readonly defined: ReadonlySet<string>
}

/** Names of a dotted path longer than this are not read as one. */
const MAX_SEGMENTS = 12

/** `a.b.c` as its names, `null` for whatever is more than names and dots. */
export function dottedPath(node: ValueNode | undefined, text: string): string[] | null {
  const names: string[] = []
  for (let at = node; at !== undefined && names.length < MAX_SEGMENTS;) {
    if (at.type === 'identifier') {
      names.push(text.slice(at.start, at.end))
      return names.reverse()
    }
    const [object, attribute] = at.children
    if (at.type !== 'attribute' || object === undefined || attribute === undefined) return null
    names.push(text.slice(attribute.start, attribute.end))
    at = object
  }
  return null
}
