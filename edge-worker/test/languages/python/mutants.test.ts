import { python } from '../../../src/languages/python/language.js'
import { mutantTests } from '../mutant-tests.js'

const MIB = 1024 * 1024

mutantTests(python, 'click', {
  'deep nesting': `x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\n`,
  'one long line of calls': 'f(a, b); '.repeat(MIB / 32),
  'one long chain': `x${'.a()'.repeat(MIB / 8)}`,
  'one long string': `"""${'a'.repeat(MIB - 3)}`,
  'functions in functions': Array.from({ length: 450 }, (_, depth) => `${' '.repeat(depth)}def f(a):\n`).join(''),
  'classes in classes': Array.from({ length: 450 }, (_, depth) => `${' '.repeat(depth)}class C(B):\n`).join(''),
  branches: `def f():\n${' if a:\n  x = 1\n elif b:\n  x = f()\n'.repeat(6_000)}`,
  'comments before a variable': `${'#: doc\n'.repeat(50_000)}x = 1\n`,
  'names in a list': `__all__ = [${'"a", '.repeat(MIB / 20)}]`,
})
