import assert from 'node:assert/strict'
import { cargoPackages } from '../../../src/languages/rust/cargo.js'

const manifest = (path: string, text: string) => ({ path, language: null, text })

describe('Cargo.toml', () => {
  it('gives the name that users import: of the library where it has one, with underscores', () => {
    const { packages } = cargoPackages([
      manifest('Cargo.toml', '[package]\nname = "serde-json" # a comment\nversion = "1.0.0"\n'),
      manifest('b/Cargo.toml', '[package]\r\nname = \'b-sys\'\r\n\r\n[lib]\r\nname = "bee"\r\n'),
    ])
    assert.deepEqual(
      packages.map(({ folder, name }) => [folder, name]),
      [
        ['', 'serde_json'],
        ['b', 'bee'],
      ],
    )
  })

  it('of a workspace without a package describes none, and names in other tables are not its own', () => {
    const { packages } = cargoPackages([
      manifest('Cargo.toml', '[workspace]\nmembers = ["a"]\n[workspace.package]\nname = "no"\n'),
      manifest('a/Cargo.toml', '[[bin]]\nname = "tool"\n[package]\nname = "a"\n[dependencies.name]\nname = "z"\n'),
    ])
    assert.deepEqual(
      packages.map(({ name }) => name),
      ['a'],
    )
  })

  it('names the roots that do not lie where they usually do, and none outside of the package', () => {
    const [entry] = cargoPackages([
      manifest(
        'x/Cargo.toml',
        '[package]\nname="x"\n[lib]\npath = "./lib/x.rs"\n[[bin]]\nname="run"\npath="cmd/run.rs"\n[[test]]\npath="../../etc/t.rs"\n',
      ),
    ]).packages
    assert.deepEqual(entry?.targets, [
      { file: 'x/lib/x.rs', name: 'x', library: true },
      { file: 'x/cmd/run.rs', name: 'run', library: false },
    ])
  })

  it('that is not TOML at all stops nothing', () => {
    assert.deepEqual(
      cargoPackages([manifest('Cargo.toml', '\0[[[[package\nname = = "x\n]'), manifest('src/lib.rs', '[package]\nname="x"')]).packages,
      [],
    )
  })
})
