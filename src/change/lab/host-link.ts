/** The name of a node's link on the host. */

/** The same node on the same network has the same one each time: `veth3f2a91c0`. `taken`: what links of the host are called. */
export function hostLinkName(network: string, node: string, taken: ReadonlySet<string>): string {
  for (let round = 0; ; round += 1) {
    const name = `veth${hash(`${network}:${node}:${round}`)}`
    if (!taken.has(name)) return name
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
