import assert from 'node:assert/strict'
import { shownCalls } from '../shown-calls.js'
import { extractText } from './extract-text.js'

const calls = (text: string): string[] => shownCalls(extractText(text))

describe('Python references', () => {
  it('tell every name that an import brings in, and which ones the module hands on', () => {
    const { references } = extractText(
      'import a.b.c\nimport a.b as m, d\nfrom .x import e as f, g as g\nfrom .. import h\nfrom y import *\nfrom .z import listed\ntry:\n    import i\nexcept ImportError:\n    i = None\n',
    )
    assert.deepEqual(
      references
        .filter(({ kind }) => kind === 'import')
        .map(({ path, alias, is_public }) => `${path.join(' ')} as ${alias}${is_public ? ' public' : ''}`),
      [
        'a.b.c as a.b.c',
        'a.b as m',
        'd as d',
        '.x e as f',
        '.x g as g public',
        '.. h as h',
        'y * as * public',
        '.z listed as listed',
        'i as i',
      ].map((each) => each),
    )
    const listed = extractText('__all__ = ["x"]\nfrom .a import x, y\n').references
    assert.deepEqual(
      listed.map(({ is_public }) => is_public),
      [true, false],
    )
  })

  it('follow a receiver from parameters, assignments, attributes and results', () => {
    assert.deepEqual(
      calls(
        `class C:
    size: Size
    def __init__(self, a: A):
        self.a = a
        self.b = B(1)
    def run(self, other: "C", *rest: A, **more):
        self.a.go()
        other.size.big()
        super().run()
        x = self.b
        x.go().on()
        for each in rest: each.go()
        with open(x) as f: f.read()
        unknown.go()
        more.get(1)
    @classmethod
    def of(cls): return cls().run()
    @staticmethod
    def free(a): a.go()
`,
      ),
      [
        'C.__init__: B',
        'C.run: go <- self.a',
        'C.run: big <- "C".size',
        'C.run: run <- super',
        'C.run: go <- self.b',
        'C.run: on <- go()',
        'C.run: go <- tuple[A, ...].<iter_item>',
        'C.run: open',
        'C.run: read <- open()',
        'C.run: unknown.go',
        'C.run: get <- dict',
        'C.of: C',
        'C.of: run <- C()',
        'C.free: go <- unknown',
      ],
    )
  })

  it('know that a name belongs to the function that gives it a value anywhere', () => {
    assert.deepEqual(
      calls(
        'def f():\n    g()\n    g = 1\ndef h():\n    global g\n    g()\n    g = 1\ndef i():\n    def inner(): return k()\n    inner()\n    [j() for j in x]\n    (lambda k: k())(1)\n',
      ),
      ['h: g', 'i: k'],
    )
  })

  it('say after branches what each of them leaves, and nothing when one of them is not known', () => {
    const after = (code: string): string | undefined => calls(`def f(p, q: Q):\n${code.replace(/^/gm, '    ')}\n    x.go()\n`).pop()
    assert.equal(after('if p: x = A()\nelse: x = B()'), 'f: go <- A()|B()')
    assert.equal(after('x = None\nif p: x = A()'), 'f: go <- A()')
    assert.equal(after('x = p\nif p: x = A()'), 'f: go <- unknown')
    assert.equal(after('x = A()\nif p:\n    x = B()\n    raise x'), 'f: go <- A()')
    assert.equal(after('try: x = A()\nexcept E: return'), 'f: go <- A()')
    assert.equal(after('x = q\nif isinstance(x, A): x.go()'), 'f: go <- Q')
    assert.equal(after('x = p\nif not isinstance(x, A): return'), 'f: go <- A')
    assert.equal(after('x = A() if p else B()'), 'f: go <- A()|B()')
    assert.equal(after('x = p or A()'), 'f: go <- unknown')
    assert.equal(after('for i, (k, x) in enumerate(q.items()): pass'), 'f: go <- Q.<index>')
    assert.equal(after('x: A = p'), 'f: go <- A')
    assert.equal(after('a, x = q'), 'f: go <- Q.1')
  })

  it('tell facts: bases, type parameters, attributes with one type, aliases, values and results', () => {
    const { type_facts } = extractText(
      `class C(Base, Generic[T], metaclass=M):
    a: int = 1
    b = B()
    def __init__(self, c: "D"):
        self.c = c
        self.d = None
        self.d = x.E(1)
        self.e = c.f
        self.f = B() if c else D()
    def made(self): return B()
    def either(self):
        if self: return B()
        return 1
    def all(self): yield B()
class K[U: Bound](Stack[U]): pass
class Color(Enum):
    RED = 1
Alias: TypeAlias = "list[C]"
type New = C
app = C(1)
LIMIT: int = 3
`,
    )
    assert.deepEqual(
      type_facts.map(({ symbol_id, kind, name, type, trait }) => [symbol_id.split('#')[1], kind, name, type, trait].join('|')),
      [
        'C|supertrait|||Base',
        'C|supertrait|||Generic[T]',
        'C|generic|T||',
        'K|generic|U||Bound',
        'K|supertrait|||Stack[U]',
        'Color|supertrait|||Enum',
        'Alias|alias||"list[C]"|',
        'New|alias||C|',
        'app|value||C()|',
        'LIMIT|value||int|',
        'C.made|value||B()|',
        'C|field|a|int|',
        'C|field|b|B()|',
        'C|field|c|"D"|',
        'C|field|d|x.E()|',
        'C|field|f|B() | D()|',
        'Color|field|RED|Color|',
      ],
    )
  })
})
