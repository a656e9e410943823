import assert from 'node:assert/strict'
import { shownCalls } from '../shown-calls.js'
import { extractText } from './extract-text.js'

const calls = (text: string): string[] => shownCalls(extractText(`package shop\nimport "example.org/shop/db"\n${text}`))

describe('Go references', () => {
  it('tell what a file imports, by the name that it uses', () => {
    const { references } = extractText(
      'package a\nimport (\n\t"fmt"\n\t"gopkg.in/yaml.v3"\n\t"github.com/x/go-isatty"\n\t"m/pkg/v2"\n\tother "m/named"\n\t. "m/dot"\n\t_ "m/blank"\n)\n',
    )
    assert.deepEqual(
      references.map(({ path, alias }) => `${path.join(' ')} ${alias}`),
      ['fmt fmt', 'gopkg.in/yaml.v3 yaml', 'github.com/x/go-isatty isatty', 'm/pkg/v2 pkg', 'm/named other', 'm/dot *', 'm/blank _'],
    )
  })

  it('follow a receiver from its own declaration, from parameters, variables, fields and results', () => {
    assert.deepEqual(
      calls(
        `func (c *Cart) Run(db2 *db.Conn, items ...Item) (out Item, err error) {
	c.total.Add(1)
	db2.Query()
	db.Open().Close()
	items[0].Sell()
	for _, item := range items { item.Sell() }
	out.Sell()
	conn, err := db.Dial()
	conn.Ping(); err.Error()
	x := &Item{Name: "a"}
	x.Sell()
	var y, z = New(), c.base
	y.Go(); z.Go()
	v, ok := c.any.(*Shelf)
	v.Put(ok)
	m := make(map[string]*Item)
	m["a"].Sell()
	p := new(Item)
	p.Sell()
	func(i Item) { i.Sell() }(out)
	defer shared.Close()
	return
}`,
      ),
      [
        'Cart.Run: Add <- *Cart.total',
        'Cart.Run: Query <- *db.Conn',
        'Cart.Run: db.Open',
        'Cart.Run: Close <- db.Open()',
        'Cart.Run: Sell <- []Item.<index>',
        'Cart.Run: Sell <- []Item.<iter_item>',
        'Cart.Run: Sell <- Item',
        'Cart.Run: db.Dial',
        'Cart.Run: Ping <- db.Dial().0',
        'Cart.Run: Error <- db.Dial().1',
        'Cart.Run: Sell <- Item',
        'Cart.Run: New',
        'Cart.Run: Go <- New()',
        'Cart.Run: Go <- *Cart.base',
        'Cart.Run: Put <- *Shelf',
        'Cart.Run: Sell <- map[string]*Item.<index>',
        'Cart.Run: Sell <- Item',
        'Cart.Run: Sell <- Item',
        'Cart.Run: Close <- =shared',
      ],
    )
  })

  it('know that an inner name hides an outer one until its block ends, a package too', () => {
    assert.deepEqual(
      calls(
        'func f(x A) {\n\tif x := b(); x.Ok() {\n\t\tx.In()\n\t}\n\tx.Out()\n\t{\n\t\tdb := x\n\t\tdb.Open()\n\t}\n\tdb.Open()\n\tf := g\n\tf()\n}',
      ),
      ['f: b', 'f: Ok <- b()', 'f: In <- b()', 'f: Out <- A', 'f: Open <- A', 'f: db.Open'],
    )
  })

  it('give the name of a type switch the type of each case', () => {
    assert.deepEqual(
      calls(
        'func f(v any) {\n\tswitch x := v.(type) {\n\tcase *A:\n\t\tx.One()\n\tcase B, C:\n\t\tx.Two()\n\tdefault:\n\t\tx.Three()\n\t}\n}',
      ),
      ['f: One <- *A', 'f: Two <- any', 'f: Three <- any'],
    )
  })

  it('tell facts: fields, embedded types, type parameters, what stands for what, values, and what the compiler is asked to see', () => {
    const { type_facts, references } = extractText(
      'package a\ntype T[K comparable] struct {\n\tBase\n\t*m.Other[K]\n\ta, B []K `json:"x"`\n}\ntype I interface {\n\tio.Reader\n\t~int | string\n}\ntype Names []string\ntype S = T[int]\nvar x, Y = f()\nvar Z = &T[int]{}\nconst One Names = nil\nvar _ I = (*Names)(nil)\nfunc F[E any](e E) {}\n',
    )
    assert.deepEqual(
      type_facts.map(({ symbol_id, kind, name, type, trait }) => [symbol_id.split('#')[1], kind, name, type, trait].join('|')),
      [
        'T|generic|K||comparable',
        'T|supertrait|||Base',
        'T|field|Base|Base|',
        'T|supertrait|||m.Other[K]',
        'T|field|Other|m.Other[K]|',
        'T|field|a|[]K|',
        'T|field|B|[]K|',
        'I|supertrait|||io.Reader',
        'Names|alias||[]string|',
        'S|alias||T[int]|',
        'x|value||f()|',
        'Z|value||T[int]|',
        'One|value||Names|',
        'F|generic|E||any',
      ],
    )
    assert.deepEqual(
      references.filter(({ kind }) => kind === 'implements').map(({ from, path }) => `${from?.split('#')[1]} ${path.join('.')}`),
      ['T Base', 'T m.Other', 'I io.Reader', 'Names I'],
    )
  })
})
