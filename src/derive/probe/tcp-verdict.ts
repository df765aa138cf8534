import { msText } from '../../lib/ms-text.ts'
import type { IcmpError, TcpPort, TcpResult, TcpVerdict, Verdict } from '../../model/probe-result.ts'
import { tcpVerdicts } from '../../model/probe-result.ts'

/** One port: what it came to; several: how many came to what. */
export function tcpVerdict({ ok, ports, result, address }: TcpResult): Verdict {
  const [first] = ports
  if (first === undefined) return { ok, says: 'stopped before anything was tried' }
  if (ports.length === 1) return { ok, says: `${outcomeOf(first, address)}${bannerOf(first)}` }
  const counts = tcpVerdicts.flatMap((verdict) => {
    const count = ports.filter((port) => port.result === verdict).length
    return count === 0 ? [] : [`${count} ${verdict}`]
  })
  return { ok, says: ok ? `all ${ports.length} ports ${result}` : counts.join(', ') }
}

/** `172.17.0.2:80 connected in 0.4 ms from 172.17.0.3`. */
export function tcpPortText(address: string, port: TcpPort): string {
  return `${endText(address, port.port)} ${outcomeOf(port, null)}${bannerOf(port)}`
}

/** `[2001:db8::1]:80`. */
export function endText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function outcomeOf(port: TcpPort, address: string | null): string {
  const { result, ms, source } = port
  const time = msText(ms)
  if (result === 'connected') return `connected in ${time}${source === null ? '' : ` from ${source}`}`
  if (result === 'timeout') {
    return `timeout: no answer in ${time}${address === null ? '' : ` from ${address}`} (dropped on the way there or back)`
  }
  return `${result} after ${time}: ${whyOf(port, source)}`
}

const meanings: { readonly [V in TcpVerdict]: string } = {
  connected: '',
  refused: 'nothing listens on that port (RST)',
  timeout: '',
  unreachable: 'no way there',
  prohibited: 'forbidden',
  reset: 'it accepted and hung up at once (RST)',
}

function whyOf({ icmp, says, result }: TcpPort, source: string | null): string {
  if (icmp !== null) return icmpText(icmp, source)
  return says === undefined ? meanings[result] : `${says} (no packet left this namespace)`
}

/** Who said what: our own kernel does where nobody answers to ARP or neighbour discovery. */
export function icmpText({ from, says, type, code }: IcmpError, source: string | null): string {
  const numbers = type === null ? '' : ` (ICMP ${type}/${code})`
  if (from === null) return `${says}${numbers}`
  if (from !== source) return `${says}, said by ${from}${numbers}`
  const isNeighbour = /^(host|address) unreachable$/.test(says)
  return isNeighbour
    ? `${says}, said by this namespace itself (${from}): nobody answered for the next hop (ARP, neighbour discovery), or a rule says so${numbers}`
    : `${says}, said by this namespace itself (${from}): a rule or route of its own${numbers}`
}

function bannerOf({ banner }: TcpPort): string {
  return banner === undefined ? '' : `; it says: ${banner}`
}
