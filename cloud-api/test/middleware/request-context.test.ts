import assert from 'node:assert/strict'
import { clientAddress } from '../../src/middleware/request-context.js'

describe('the address of a client', () => {
  it('is what the proxy in front tells, but this machine only for who comes from this machine', () => {
    assert.equal(clientAddress('203.0.113.1', '127.0.0.1'), '203.0.113.1')
    assert.equal(clientAddress('203.0.113.1', '::ffff:198.51.100.2'), '203.0.113.1')
    assert.equal(clientAddress('127.0.0.1', '::ffff:127.0.0.1'), '127.0.0.1')
    assert.equal(clientAddress('127.0.0.1', '::ffff:198.51.100.2'), '198.51.100.2')
    assert.equal(clientAddress('::1', '2001:db8::5'), '2001:db8::5')
  })
})
