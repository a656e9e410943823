/** Length of what the delta makes, as it says itself. */
export function deltaResultBytes(delta: Buffer): number {
  const base = varint(delta, 0)
  return varint(delta, base.next).value
}

/** gitformat-pack, "Deltified representation". Throws on a delta that does not fit its base. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const from = varint(delta, 0)
  const to = varint(delta, from.next)
  if (from.value !== base.length) throw new Error('delta is for another base')
  const result = Buffer.allocUnsafe(to.value)
  let at = to.next
  let filled = 0
  while (at < delta.length) {
    const command = delta[at++] ?? 0
    if (command & 128) {
      let offset = 0
      let size = 0
      for (let i = 0; i < 4; i++) if (command & (1 << i)) offset += (delta[at++] ?? 0) * 2 ** (8 * i)
      for (let i = 0; i < 3; i++) if (command & (16 << i)) size += (delta[at++] ?? 0) * 2 ** (8 * i)
      if (size === 0) size = 0x10000
      if (offset + size > base.length || filled + size > result.length) throw new Error('delta copies more than there is')
      base.copy(result, filled, offset, offset + size)
      filled += size
    } else {
      if (command === 0 || at + command > delta.length || filled + command > result.length) throw new Error('delta is broken')
      delta.copy(result, filled, at, at + command)
      at += command
      filled += command
    }
  }
  if (filled !== result.length) throw new Error('delta makes less than it says')
  return result
}

function varint(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0
  let next = start
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[next++]
    if (byte === undefined || scale > 2 ** 49) throw new Error('delta has no length')
    value += (byte & 127) * scale
    if (!(byte & 128)) return { value, next }
  }
}
