import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * True for an address of the public internet. Loopback, private, shared, link-local, multicast, documentation,
 * benchmarking, metadata and mapped addresses are not (IANA special-purpose registries for IPv4 and IPv6).
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refusedV4.check(address, 'ipv4')
  // A zone (`fe80::1%eth0`) is only ever local.
  if (!isIPv6(address) || address.includes('%')) return false
  if (nat64.check(address, 'ipv6')) return isPublicAddress(embeddedV4(address))
  return globalV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6')
}

const refusedV4 = subnets('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's metadata and DNS host, a public address by its looks
  '168.63.129.16/32',
])

/** Everything outside 2000::/3 is refused at once: ::1, ::ffff:0:0/96, fc00::/7, fe80::/10, ff00::/8 and what is not yet given out. */
const globalV6 = subnets('ipv6', ['2000::/3'])
/** Protocol assignments and Teredo, documentation, 6to4: each can hide an IPv4 address of the kinds above. */
const refusedV6 = subnets('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])
/** A network without IPv4 reaches it through this prefix; the address in the last 32 bits is what counts. */
const nat64 = subnets('ipv6', ['64:ff9b::/96'])

function subnets(family: 'ipv4' | 'ipv6', list: readonly string[]): BlockList {
  const blocks = new BlockList()
  for (const entry of list) {
    const [network = '', prefix = ''] = entry.split('/')
    blocks.addSubnet(network, Number(prefix), family)
  }
  return blocks
}

/** The last 32 bits of an IPv6 address, in dots. */
function embeddedV4(address: string): string {
  const tail = address.slice(address.lastIndexOf(':') + 1)
  if (tail.includes('.')) return tail
  const groups = address.split('::').flatMap((half) => half.split(':'))
  const low = parseInt(groups.at(-1) || '0', 16)
  const high = address.endsWith(`::${tail}`) ? 0 : parseInt(groups.at(-2) || '0', 16)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
