import { readFileSync } from 'node:fs'
import { runTool } from './run-tool.js'

/** What a user of the compiled classes can reach: `class a.B.C`, `method a.B.run(2)`, `new a.B`, `field a.B.LIMIT`. */
export function javapNames(jar: string, classes: readonly string[], sources: ReadonlyMap<string, string>): string[] {
  const shown = new Map<string, { isPublic: boolean; names: string[] }>()
  const known = new Set(classes)
  for (let at = 0; at < classes.length; at += CLASSES_A_CALL) {
    const text = runTool('javap', ['-protected', '-v', '-cp', jar, ...classes.slice(at, at + CLASSES_A_CALL)], '.')
    for (const one of text.split(/^Classfile /m).slice(1)) readClass(one, { shown, known, sources })
  }
  const isReachable = (name: string): boolean => {
    if (shown.get(name)?.isPublic !== true) return false
    const outer = name.slice(0, Math.max(0, name.lastIndexOf('$')))
    return !known.has(outer) || isReachable(outer)
  }
  return [...shown].flatMap(([name, { names }]) => (isReachable(name) ? names : []))
}

const CLASSES_A_CALL = 200

interface Told {
  readonly shown: Map<string, { isPublic: boolean; names: string[] }>
  readonly known: ReadonlySet<string>
  readonly sources: ReadonlyMap<string, string>
}

function readClass(text: string, { shown, known, sources }: Told): void {
  const name = /^ {2}this_class: .*\/\/ (\S+)$/m.exec(text)?.[1]?.replaceAll('/', '.')
  const header = /^ {2}flags: \(\w+\) (.*)$/m.exec(text)?.[1] ?? ''
  // A class inside a method, and one without a name.
  if (name === undefined || /\$\d/.test(name) || /ACC_SYNTHETIC/.test(header)) return
  // A dollar is part of a name unless a class of the name before it is there.
  const path = name.replace(/\$/g, (dollar, at: number) => (known.has(name.slice(0, at)) ? '.' : dollar))
  const simple = path.slice(path.lastIndexOf('.') + 1)
  const isEnum = header.includes('ACC_ENUM')
  const sourceFile = name.slice(0, name.lastIndexOf('.') + 1).replaceAll('.', '/') + (/^SourceFile: "(.*)"$/m.exec(text)?.[1] ?? '')
  const lines = sources.get(sourceFile)?.split('\n') ?? []
  const names = [`class ${path}`]
  const members = text.slice(text.indexOf('\n{\n')).split(/\n(?= {2}\S[^\n]*;\n {4}descriptor: )/)
  for (const member of members.slice(1)) {
    const [, written = '', descriptor = '', flags = ''] = /^ {2}(.*);\n {4}descriptor: (.*)\n {4}flags: \(\w+\) (.*)$/m.exec(member) ?? []
    if (/ACC_SYNTHETIC/.test(flags)) continue
    if (!descriptor.startsWith('(')) {
      names.push(`field ${path}.${/([\w$]+)$/.exec(written.replace(/ = .*$/, ''))?.[1] ?? ''}`)
      continue
    }
    const called = /([\w$.]+)\([^(]*\)(?: throws .*)?$/.exec(written)?.[1] ?? ''
    if (isEnum && (called === 'values' || called === 'valueOf') && flags.includes('ACC_STATIC')) continue
    const line = lines[Number(/^ {8}line (\d+): 0$/m.exec(member)?.[1] ?? 0) - 1] ?? ''
    // What the compiler adds stands on the line of the class itself.
    const isAdded = new RegExp(String.raw`\b(?:class|enum|record)\s+${simple}\b`).test(line)
    if (isAdded && (called === name || /^(?:equals|hashCode|toString)$/.test(called))) continue
    names.push(called === name ? `new ${path}` : `method ${path}.${called}(${parameterCount(descriptor)})`)
  }
  shown.set(name, { isPublic: /ACC_PUBLIC/.test(header), names })
}

function parameterCount(descriptor: string): number {
  return (descriptor.slice(1, descriptor.indexOf(')')).match(/\[*(?:L[^;]*;|[BCDFIJSZ])/g) ?? []).length
}

/** Java files of a folder by their path in it. */
export function readSources(folder: string, paths: readonly string[]): Map<string, string> {
  return new Map(paths.map((path) => [path, readFileSync(`${folder}/${path}`, 'utf8')]))
}
