import assert from 'node:assert/strict'
import { isBuilt } from '../../../src/languages/go/build-constraint.js'

const built = (constraint: string): boolean => isBuilt(`// Copyright\n\n//go:build ${constraint}\n\npackage a\n`)

describe('the build constraint of a Go file', () => {
  it('that some platform meets leaves the file to its users', () => {
    for (const each of [
      'linux',
      '!windows',
      'linux && !cgo',
      '(linux || darwin) && amd64',
      'go1.21',
      '!appengine',
      '!js && !nomsgpack',
      'unix',
      '',
    ])
      assert.equal(built(each), true, each)
  })

  it('that asks for a tag of its own keeps it from them', () => {
    for (const each of ['ignore', 'nomsgpack', 'linux && tools', '!go1.21', '(appengine)', '!(!ignore)'])
      assert.equal(built(each), false, each)
  })

  it('counts above the package clause only, and may be half written', () => {
    assert.equal(isBuilt('package a\n\n//go:build ignore\n'), true)
    assert.equal(isBuilt('package a\n'), true)
    for (const each of ['(linux', '&&', '!', 'linux &&', ')(', '!'.repeat(400), '('.repeat(100_000)]) built(each)
  })
})
