import assert from 'node:assert/strict'
import { implementedTrait } from '../../../src/stages/cluster/implemented-trait.js'

const CASES: readonly (readonly [header: string, trait: string | null])[] = [
  ['impl Display for Error', 'Display'],
  ['impl<T> Vec<T>', null],
  ['impl TcpStream', null],
  ["impl<'a, T: Fn(u8) -> u8> Iterator for Iter<'a, T>", 'Iterator'],
  ["impl<T, F> From<(T, F)> for Pair<T, F> where F: for<'a> Fn(&'a T)", 'From<(T, F)>'],
  ["impl<F> Visit for F where F: for<'a> Fn(&'a str) -> bool", 'Visit'],
  ['unsafe impl<T: ?Sized + Send> Sync for Mutex<T>', 'Sync'],
  ['impl !Send for Local', '!Send'],
  ['impl<T>\n    io::Read\nfor\n    Take<T>', 'io::Read'],
  ["impl<I> Trait for for<'a> fn(&'a I)", 'Trait'],
  ['pub fn implement_for(x: u8)', null],
]

describe('the trait in an impl header', () => {
  for (const [header, trait] of CASES) {
    it(`of "${header.replace(/\s+/g, ' ')}" is ${trait ?? 'none'}`, () => assert.equal(implementedTrait(header), trait))
  }
})
