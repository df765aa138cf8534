/** What the user may write for the far end of a probe that has ports: `web:80,443`, `[::1]:8000-8100`, `redis123:6379`. */
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import { parseIp } from '../../lib/ip.ts'

export type HostPorts = { readonly host: string; readonly ports: readonly number[] }

const largestPort = 65_535
const hint = 'write HOST:PORT, HOST:80,443 or HOST:8000-8100; an IPv6 address stands in brackets: [::1]:80'

export function hostPortsOf(text: string): Outcome<HostPorts> {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(text)
  if (bracketed === null && parseIp(text.split('%')[0] ?? '')?.family === 'inet6') {
    return wrong(`"${text}" has no port, or one that cannot be told from the address`, text)
  }
  const [, host = '', ports = ''] = bracketed ?? /^([^:[\]]*):(.*)$/.exec(text) ?? []
  if (host === '') return wrong(`"${text}" is not HOST:PORT`, text)
  if (bracketed !== null && parseIp(host.split('%')[0] ?? '')?.family !== 'inet6') {
    return wrong(`"${host}" in brackets is not an IPv6 address`, text)
  }
  const list = portsOf(ports)
  return list.ok ? succeeded({ host, ports: list.value }) : list
}

/** `80,443,8000-8100`, in this order, each once. */
export function portsOf(text: string): Outcome<readonly number[]> {
  const ports = new Set<number>()
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (first === '' || from < 1 || to > largestPort) {
      return wrong(`"${part}" is not a port: 1 to ${largestPort}, or a range such as 8000-8100`, part)
    }
    if (from > to) return wrong(`"${part}" is a range that ends before it begins`, part)
    for (let port = from; port <= to; port += 1) ports.add(port)
  }
  return succeeded([...ports])
}

/** Where to listen: `8080`, `127.0.0.1:8080`, `[::]:8080`; without an address all of IPv4. 0: any free port. */
export function listenOn(text: string): Outcome<{ readonly address: string; readonly port: number }> {
  if (text === '0') return succeeded({ address: '0.0.0.0', port: 0 })
  const plain = text.includes(':') ? text : `0.0.0.0:${text}`
  const parsed = hostPortsOf(plain)
  if (!parsed.ok) return parsed
  const { host, ports } = parsed.value
  const [port] = ports
  if (parseIp(host.split('%')[0] ?? '') === null)
    return wrong(`"${host}" is not an address to listen on`, host)
  if (port === undefined || ports.length > 1) return wrong('a listener has one port', text)
  return succeeded({ address: host, port })
}

function wrong(what: string, subject: string): Outcome<never> {
  return failed({ kind: 'usage', what, subject, hint })
}
