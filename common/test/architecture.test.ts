import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { repositoryRoot } from '../src/runtime/repository-root.js'

/**
 * What may import what: the table of docs/architecture.md. `self` is the folder that matched, so that a stage may use its own files
 * and no other stage's. Node's own modules are free; of npm's only what is named.
 */
const RULES: readonly { readonly files: RegExp; readonly may: readonly (RegExp | 'self')[] }[] = [
  { files: /^common\/src\/contracts\//, may: [/^zod$/, 'self'] },
  { files: /^common\/src\/ports\/[^/]+\/port\.ts$/, may: [/^common\/src\/contracts\//] },
  {
    files: /^common\/src\/ports\/[^/]+\//,
    may: [
      'self',
      /^common\/src\/(contracts|runtime)\//,
      /^(bullmq|ioredis|aws4fetch|@qdrant\/js-client-rest|openai|onnxruntime-node|@huggingface\/tokenizers|zod)$/,
    ],
  },
  { files: /^common\/src\/runtime\//, may: ['self', /^common\/src\/contracts\//, /^(zod|pino|ioredis)$/] },
  { files: /^common\/src\/docpack\//, may: ['self', /^common\/src\/(contracts|runtime)\//, /^(zod|adm-zip|yauzl)$/] },
  { files: /^common\/src\/search\//, may: ['self', /^common\/src\/(contracts|runtime)\//, /^common\/src\/ports\/[^/]+\/port\.ts$/] },
  {
    files: /^edge-worker\/src\/languages\//,
    may: ['self', /^common\/src\/(contracts|runtime)\//, /^(tree-sitter(-[a-z]+)?|markdown-it)$/],
  },
  {
    files: /^edge-worker\/src\/stages\/[^/]+\//,
    may: [
      'self',
      /^common\/src\/(contracts|runtime)\//,
      /^common\/src\/ports\/[^/]+\/port\.ts$/,
      /^edge-worker\/src\/pipeline\/stage(-io)?\.ts$/,
      /^(zod|isomorphic-git|ignore|tree-sitter|onnxruntime-node)$/,
    ],
  },
  {
    files: /^edge-worker\/src\/pipeline\//,
    may: ['self', /^edge-worker\/src\/stages\//, /^common\/src\/(contracts|runtime|search|ports\/[^/]+\/port\.ts)/, /^zod$/],
  },
  {
    files: /^edge-worker\/src\/(worker|cli|stage-service|serverless)\//,
    may: [
      'self',
      /^edge-worker\/src\/pipeline\//,
      /^common\/src\/(contracts|runtime|docpack|search)\//,
      /^common\/src\/ports\/[^/]+\/port\.ts$/,
      /^(zod|commander)$/,
    ],
  },
  { files: /^edge-worker\/src\/config\.ts$/, may: [/^common\/src\/(contracts|runtime)\//, /^zod$/] },
  {
    files: /^cloud-api\/src\/(?!bin\/)/,
    may: [
      /^cloud-api\/src\/(?!bin\/)/,
      /^common\/src\/(contracts|docpack|runtime|search)\//,
      /^common\/src\/ports\/[^/]+\/port\.ts$/,
      /^(zod|express|express-rate-limit|helmet|prom-client)$/,
    ],
  },
]

/** Beyond the table's row: one stage, one more folder. */
const EXTRA: readonly { readonly files: RegExp; readonly may: RegExp }[] = [
  { files: /^edge-worker\/src\/stages\/parse\//, may: /^edge-worker\/src\/languages\// },
  { files: /^edge-worker\/src\/stages\/(package|publish)\//, may: /^common\/src\/docpack\// },
  { files: /^edge-worker\/src\/stages\/publish\//, may: /^common\/src\/search\// },
]

const root = repositoryRoot()

function sources(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.join(entry.parentPath.slice(root.length + 1).replaceAll('\\', '/'), entry.name))
}

/** What a file's import lines name, as a path of the repository or the name of a package. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const specifiers = [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^'"\n]*?(?:\n[^'"]*?)?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ]
  return specifiers
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((specifier) => specifier !== '' && !specifier.startsWith('node:'))
    .map((specifier) => {
      if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts')
      const own = /^@doctown\/(common|cloud-api|edge-worker)\/(.+)$/.exec(specifier)
      if (own !== null) return `${own[1]}/src/${own[2]!.replace(/\.js$/, '.ts')}`
      return /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)![1]!
    })
}

const files = ['common/src', 'cloud-api/src', 'edge-worker/src'].flatMap(sources)

/** `self` of a stage, a port or a language is its own folder; of everything else the folder that the rule names. */
function selfOf(file: string): string {
  const own = /^(edge-worker\/src\/stages\/[^/]+\/|common\/src\/ports\/[^/]+\/)/.exec(file)
  if (own !== null) return own[1]!
  return /^([^/]+\/src\/[^/]+\/)/.exec(file)?.[1] ?? `${dirname(file)}/`
}

describe('the architecture', () => {
  it('is seen whole: every workspace has sources and imports are found in them', () => {
    assert.ok(files.length > 40, `${files.length} files`)
    assert.ok(files.flatMap(importsOf).length > 100)
  })

  for (const rule of RULES) {
    it(`lets ${rule.files.source.replaceAll('\\', '')} import only what the table says`, () => {
      const wrong: string[] = []
      for (const file of files) {
        if (RULES.find(({ files: pattern }) => pattern.test(file)) !== rule) continue
        for (const imported of importsOf(file)) {
          const allowed =
            rule.may.some((pattern) => (pattern === 'self' ? imported.startsWith(selfOf(file)) : pattern.test(imported))) ||
            EXTRA.some((extra) => extra.files.test(file) && extra.may.test(imported))
          if (!allowed) wrong.push(`${file} imports ${imported}`)
        }
      }
      assert.deepEqual(wrong, [])
    })
  }

  it('lets no file outside bin/ read the environment or handle a signal, but for the entries of child processes', () => {
    const wrong = files
      .filter((file) => !/\/src\/bin\/|\/child\.ts$/.test(file))
      .filter((file) => /process\.env\b|process\.on\(\s*['"]SIG/.test(readFileSync(join(root, file), 'utf8')))
    assert.deepEqual(wrong, [])
  })
})
