import assert from 'node:assert/strict'
import { isPublicAddress } from '../../../src/stages/fetch/address-check.js'

const PUBLIC = [
  '140.82.112.3',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00:1450:4001:80b::200e',
  '64:ff9b::8c52:7003',
]

const REFUSED = [
  ['this network', '0.0.0.0', '0.1.2.3'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
  ['shared', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['unspecified', '::'],
  ['link-local', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ['metadata', '169.254.169.254', '168.63.129.16', 'fd00:ec2::254'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
  ['reserved and broadcast', '240.0.0.1', '255.255.255.255', '192.0.0.8', '192.88.99.1'],
  ['documentation and benchmarks', '192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1', '198.19.255.255', '2001:db8::1', '3fff::1'],
  ['mapped IPv4', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
  ['IPv4 hidden in IPv6', '2002:7f00:1::', '2001:0:4136:e378::1', '64:ff9b::7f00:1', '64:ff9b::1', '64:ff9b:1::1', '64:ff9b::10.0.0.1'],
  ['site-local and what is not given out', 'fec0::1', '4000::1', '100::1'],
  ['no address', '', 'localhost', '127.1', '0x7f.1', '2130706433', '1.2.3.4.5', '[::1]'],
] as const

describe('an address', () => {
  it('of the public internet may be connected to', () => {
    for (const address of PUBLIC) assert.equal(isPublicAddress(address), true, address)
  })

  for (const [kind, ...addresses] of REFUSED) {
    it(`is refused when it is ${kind}`, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), false, address)
    })
  }
})
