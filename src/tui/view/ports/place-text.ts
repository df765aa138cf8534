/** `0.0.0.0:8080/tcp`, `[::]:8080-8090/udp`: an address and a port as ss and the engines write them. */
export function withPort(address: string, port: number | string): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}

export function portRange(first: number, last: number): string {
  return last === first ? String(first) : `${first}-${last}`
}
