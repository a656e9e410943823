import type { z } from 'zod'

/** A process and the schema of its settings. */
export interface DocumentedConfig {
  readonly process: string
  readonly schema: z.ZodObject
}

interface Row {
  readonly name: string
  readonly processes: string[]
  readonly fallback: string
  readonly description: string
}

/** One Markdown table of every setting, by name; a setting that several processes read is one row. */
export function configurationTable(configs: readonly DocumentedConfig[]): string {
  const rows = new Map<string, Row>()
  for (const { process, schema } of configs) {
    for (const [name, field] of Object.entries(schema.shape)) {
      const known = rows.get(name)
      if (known !== undefined) known.processes.push(process)
      else
        rows.set(name, {
          name,
          processes: [process],
          fallback: defaultOf(field as z.ZodType),
          description: (field as z.ZodType).description ?? '',
        })
    }
  }
  const lines = [...rows.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, processes, fallback, description }) => `| \`${name}\` | ${processes.join(', ')} | ${fallback} | ${description} |`)
  return ['| setting | read by | default | what it does |', '|---|---|---|---|', ...lines, ''].join('\n')
}

/** What a missing variable becomes, as a person would write it. */
function defaultOf(field: z.ZodType): string {
  let inner: unknown = field
  for (let depth = 0; depth < 6; depth++) {
    const definition = (inner as { def?: { type?: string; defaultValue?: unknown; in?: unknown; innerType?: unknown } }).def
    if (definition?.type === 'default' || definition?.type === 'prefault') return shown(definition.defaultValue)
    const next = definition?.in ?? definition?.innerType
    if (next === undefined) break
    inner = next
  }
  return ''
}

function shown(value: unknown): string {
  const plain = typeof value === 'function' ? (value as () => unknown)() : value
  if (Array.isArray(plain))
    return plain.map((entry) => `\`${typeof entry === 'object' ? String((entry as { host?: string }).host) : String(entry)}\``).join(', ')
  return `\`${String(plain)}\``
}
