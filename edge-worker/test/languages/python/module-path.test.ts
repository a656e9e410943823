import assert from 'node:assert/strict'
import { modulePlace } from '../../../src/languages/python/module-path.js'
import { pythonPackages } from '../../../src/languages/python/packages.js'

const FILES = new Set(
  [
    'pkg',
    'pkg/sub',
    'src/lib_a',
    'src/ns/inner',
    'tests',
    'packages/two/two',
    'lib/three',
    'pkg/tests',
    'pkg/_vendor',
    'src/lib_a/setup',
  ].map((folder) => `${folder}/__init__.py`),
)
const { packages } = pythonPackages([
  { path: 'pyproject.toml', language: null, text: '[build-system]\nname = "no"\n[project]\nname = "the-pkg"\n' },
  { path: 'packages/two/setup.cfg', language: null, text: '[metadata]\nname = two\n' },
  { path: 'tools/setup.py', language: null, text: 'setup(\n    name="tool.kit",\n)\n' },
])

const CASES: readonly (readonly [file: string, module: string, what: string])[] = [
  ['pkg/__init__.py', 'pkg', 'library'],
  ['pkg/mod.py', 'pkg.mod', 'library'],
  ['pkg/sub/deep.pyi', 'pkg.sub.deep', 'library'],
  ['pkg/_core.py', 'pkg._core', 'private'],
  ['pkg/_vendor/x.py', 'pkg._vendor.x', 'private'],
  ['pkg/__main__.py', 'pkg.__main__', 'no library'],
  ['pkg/tests/test_x.py', 'pkg.tests.test_x', 'no library'],
  ['pkg/conftest.py', 'pkg.conftest', 'no library'],
  ['src/lib_a/x.py', 'lib_a.x', 'library'],
  ['src/lib_a/setup/__init__.py', 'lib_a.setup', 'library'],
  ['src/ns/inner/x.py', 'ns.inner.x', 'library'],
  ['src/ns/bare.py', 'ns.bare', 'library'],
  ['lib/three/x.py', 'three.x', 'library'],
  ['packages/two/two/x.py', 'two.x', 'library'],
  ['single.py', 'single', 'library'],
  ['setup.py', 'setup', 'no library'],
  ['tests/test_pkg.py', 'tests.test_pkg', 'no library'],
  ['docs/conf.py', 'docs.conf', 'no library'],
  ['examples/run.py', 'examples.run', 'no library'],
]

describe('a Python file', () => {
  for (const [file, module, what] of CASES) {
    it(`${file} is ${module}, ${what}`, () => {
      const place = modulePlace(file, packages, (path) => FILES.has(path))
      assert.equal(place.module, module)
      assert.equal(!place.isLibrary ? 'no library' : place.isPrivate ? 'private' : 'library', what)
    })
  }
})

describe('a Python manifest', () => {
  it('gives its folder and the name that is most often imported', () => {
    assert.deepEqual(
      packages.map(({ folder, name }) => [folder, name]),
      [
        ['', 'the_pkg'],
        ['packages/two', 'two'],
        ['tools', 'tool_kit'],
      ],
    )
  })

  it('that is no TOML at all stops nothing', () => {
    const text = '\0[[[project\nname = = "x'
    assert.deepEqual(pythonPackages([{ path: 'pyproject.toml', language: null, text }]).packages, [{ folder: '', name: '', targets: [] }])
  })
})
