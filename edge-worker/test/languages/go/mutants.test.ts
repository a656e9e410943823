import { go } from '../../../src/languages/go/language.js'
import { mutantTests } from '../mutant-tests.js'

const MIB = 1024 * 1024

mutantTests(go, 'mux', {
  'deep nesting': `package a\nvar x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\n`,
  'one long line of calls': `package a; func f() { ${'f(a, b); '.repeat(MIB / 32)}}`,
  'one long chain': `package a\nfunc f() { x${'.a()'.repeat(MIB / 8)} }`,
  'one long string': `package a\nvar x = \`${'a'.repeat(MIB - 30)}`,
  'blocks in blocks': `package a\nfunc f() ${'{'.repeat(10_000)}`,
  'structs in structs': `package a\ntype T ${'struct { a '.repeat(10_000)}`,
  'literals in literals': `package a\nvar x = T${'{'.repeat(10_000)}${'}'.repeat(10_000)}`,
  'comments before a variable': `package a\n${'// c\n'.repeat(50_000)}var X int\n`,
  'names in one declaration': `package a\nvar ${'a, '.repeat(30_000)}b int`,
})
