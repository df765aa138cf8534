/** Addresses in bytes, as text. They come by the thousand, so no number is made of them first. */

export function macText(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + 6)
  return hex.replace(/..\B/g, '$&:')
}

export function ipv4Text(bytes: Buffer, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/** RFC 5952: the first longest run of zeros is `::`. */
export function ipv6Text(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${ipv4Text(bytes, at + 12)}`
  }
  let [longest, start] = [1, -1]
  for (let first = 0; first < 8; first += 1) {
    let end = first
    while (end < 8 && groups[end] === 0) end += 1
    if (end - first > longest) [longest, start] = [end - first, first]
    if (end > first) first = end
  }
  const hex = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':')
  return start === -1 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + longest))}`
}

/** `redis123:6379`, `[2001:db8::1]:53`. */
export function withPort(name: string, port: number | null): string {
  if (port === null) return name
  return name.includes(':') && !name.endsWith(')') ? `[${name}]:${port}` : `${name}:${port}`
}
