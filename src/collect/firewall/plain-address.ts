/** iptables prints a single address with its length, nft without: `10.0.0.1/32` → `10.0.0.1`, the same in both. */
export function plainAddress(text: string): string {
  const length = text.includes(':') ? '/128' : '/32'
  return text.endsWith(length) ? text.slice(0, -length.length) : text
}
