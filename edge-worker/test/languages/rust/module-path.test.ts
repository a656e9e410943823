import assert from 'node:assert/strict'
import { cargoPackages } from '../../../src/languages/rust/cargo.js'
import { modulePlace } from '../../../src/languages/rust/module-path.js'

const facts = cargoPackages([
  { path: 'Cargo.toml', language: null, text: '[package]\nname = "root-crate"' },
  { path: 'sub/inner/Cargo.toml', language: null, text: '[package]\nname = "inner"' },
  {
    path: 'flat/Cargo.toml',
    language: null,
    text: '[package]\nname = "flat"\n[lib]\npath = "flat.rs"\n[[bin]]\nname = "f-tool"\npath = "tool.rs"',
  },
])

const CASES: readonly (readonly [file: string, path: string, library: boolean])[] = [
  ['src/lib.rs', 'root_crate', true],
  ['src/main.rs', 'root_crate', false],
  ['src/a.rs', 'root_crate::a', true],
  ['src/a/mod.rs', 'root_crate::a', true],
  ['src/a/b.rs', 'root_crate::a::b', true],
  ['src/bin/tool.rs', 'tool', false],
  ['src/bin/big/main.rs', 'big', false],
  ['build.rs', 'build_script', false],
  ['tests/round-trip.rs', 'round_trip', false],
  ['tests/root_crate.rs', 'tests_root_crate', false],
  ['tests/inner.rs', 'tests_inner', false],
  ['tests/common/mod.rs', 'tests::common', false],
  ['benches/speed.rs', 'speed', false],
  ['examples/walk/main.rs', 'walk', false],
  ['sub/inner/src/x/lib.rs', 'inner::x::lib', true],
  ['flat/flat.rs', 'flat', true],
  ['flat/part/deep.rs', 'flat::part::deep', true],
  ['flat/tool.rs', 'f_tool', false],
]

describe('the module of a file', () => {
  for (const [file, path, library] of CASES) {
    it(`${file} is ${path}${library ? '' : ', and no library'}`, () => {
      const place = modulePlace(file, facts)
      assert.equal([place.crate, ...place.modules].join('::'), path)
      assert.equal(place.library, library)
    })
  }

  it('is named after the folder where there is no manifest', () => {
    const none = { packages: [] }
    assert.deepEqual(modulePlace('my-lib/src/a/b.rs', none), { crate: 'my_lib', modules: ['a', 'b'], library: true })
    assert.deepEqual(modulePlace('src/lib.rs', none), { crate: 'crate', modules: [], library: true })
    assert.deepEqual(modulePlace('deep/er/tests/t.rs', none), { crate: 't', modules: [], library: false })
  })
})
