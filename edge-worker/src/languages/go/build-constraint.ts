/** Tags that some platform or some compiler sets; any other is set by hand, as nobody does who only imports a package. */
const PLATFORM_TAGS = new Set(
  (
    'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos unix ' +
    '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 ' +
    's390 s390x sparc sparc64 wasm cgo gc gccgo purego'
  ).split(' '),
)

/** False for a file that no platform compiles unless somebody asks for it by a tag of its own, such as `ignore`. */
export function isBuilt(text: string): boolean {
  const written = /^\/\/go:build ([^\n]*)/m.exec(text.slice(0, Math.max(0, packageClause(text))))?.[1]
  if (written === undefined || written.length > LONGEST) return true
  const tokens = written.match(/&&|\|\||[!()]|[\w.]+/g) ?? []
  let at = 0
  // 0 never, 1 on some platform, 2 always: "not" of what depends on the platform depends on it too.
  const either = (): number => {
    let value = both()
    while (tokens[at] === '||') {
      at++
      value = Math.max(value, both())
    }
    return value
  }
  const both = (): number => {
    let value = one()
    while (tokens[at] === '&&') {
      at++
      value = Math.min(value, one())
    }
    return value
  }
  const one = (): number => {
    const token = tokens[at++]
    if (token === '!') return 2 - one()
    if (token === '(') {
      const value = either()
      at++
      return value
    }
    if (token === undefined) return 1
    return PLATFORM_TAGS.has(token) ? 1 : /^go1(?:\.\d+)*$/.test(token) ? 2 : 0
  }
  return either() > 0
}

const LONGEST = 500

function packageClause(text: string): number {
  const at = text.search(/^package\s/m)
  return at === -1 ? text.length : at
}
