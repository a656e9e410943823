import type { PackageBuild } from '@doctown/common/contracts/package-facts.js'

/**
 * How a package is documented: with its default features and those that it asks docs.rs for
 * (https://docs.rs/about/metadata). A feature that none of them turns on is left to `cfg.ts` of the graph stage.
 */
export function packageBuild(manifest: string, buildScript: string | undefined): PackageBuild {
  const sections = sectionsOf(manifest)
  const features = new Map(sections.filter(({ name }) => name === 'features').flatMap(({ body }) => listsOf(body)))
  const optional = optionalDependencies(sections)
  const docs = sections.find(({ name }) => name === 'package.metadata.docs.rs')?.body ?? ''
  const asked = listsOf(docs).find(([key]) => key === 'features')?.[1] ?? []
  const all = /^\s*all-features\s*=\s*true\b/m.test(docs) ? [...features.keys(), ...optional] : []
  const withDefault = /^\s*no-default-features\s*=\s*true\b/m.test(docs) ? [] : ['default']
  return {
    features: [...closure([...withDefault, ...asked, ...all], features)].sort(),
    default_features: [...closure(['default'], features)].sort(),
    build_script_words: wordsOf(buildScript ?? ''),
    proc_macro: /^\s*proc[-_]macro\s*=\s*true\b/m.test(sections.find(({ name }) => name === 'lib')?.body ?? ''),
  }
}

/** What `features` turn on: `a` a feature or an optional dependency, `a/b` and `dep:a` a dependency, `a?/b` nothing by itself. */
function closure(features: readonly string[], table: ReadonlyMap<string, readonly string[]>): Set<string> {
  const on = new Set<string>()
  const waiting = [...features]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = next.includes('/') ? next.slice(0, next.indexOf('/')) : next
    if (name.endsWith('?') || name.startsWith('dep:') || on.has(name)) continue
    on.add(name)
    waiting.push(...(table.get(name) ?? []))
  }
  return on
}

interface Section {
  readonly name: string
  readonly body: string
}

function sectionsOf(manifest: string): Section[] {
  const headers = [...manifest.matchAll(/^[ \t]*\[{1,2}[ \t]*([^\]\n]+?)[ \t]*\]{1,2}[ \t]*(?:#.*)?$/gm)].filter(([, name]) =>
    /^[\w"'.$() =,-]+/.test(name ?? ''),
  )
  return headers.map((header, index) => ({
    name: (header[1] ?? '').replace(/["'\s]/g, ''),
    body: manifest.slice(header.index + header[0].length, headers[index + 1]?.index ?? manifest.length),
  }))
}

/** `key = ["a", "b"]`, over as many lines as it takes. */
function listsOf(body: string): [string, string[]][] {
  const text = body.replace(/^\s*#.*$/gm, '')
  return [...text.matchAll(/^[ \t]*["']?([\w.+-]+)["']?[ \t]*=[ \t]*\[([^\]]*)\]/gm)].map(([, key = '', list = '']) => [
    key,
    [...list.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map(([, a, b]) => a ?? b ?? ''),
  ])
}

/** An optional dependency is a feature of its own name. */
function optionalDependencies(sections: readonly Section[]): string[] {
  return sections.flatMap(({ name, body }) => {
    const own = /(?:^|\.)(?:build-)?dependencies\.([\w-]+)$/.exec(name)?.[1]
    if (own !== undefined) return /^\s*optional\s*=\s*true\b/m.test(body) ? [own] : []
    if (!/(?:^|\.)(?:build-)?dependencies$/.test(name)) return []
    return [...body.matchAll(/^[ \t]*([\w-]+)[ \t]*=[ \t]*\{[^}\n]*\boptional\s*=\s*true\b/gm)].map(([, key = '']) => key)
  })
}

/** Words of the strings of a build script: `println!("cargo:rustc-cfg=has_std")`, `ac.emit_expression_cfg("..", "has_x")`. */
function wordsOf(script: string): string[] {
  const strings = (script.match(/"(?:[^"\\]|\\[^])*"/g) ?? []).filter((each) => !each.includes('check-cfg'))
  return [...new Set(strings.flatMap((each) => each.match(/\b[a-z_]\w{2,60}\b/g) ?? []))].sort()
}
