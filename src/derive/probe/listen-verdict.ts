import type { ListenResult, Verdict } from '../../model/probe-result.ts'
import { endText } from './tcp-verdict.ts'

/** Neither good nor bad where nobody had to come. */
export function listenVerdict({ ok, came, protocol, address, port, more = 0 }: ListenResult): Verdict {
  const where = `${protocol} ${endText(address, port)}`
  if (came.length === 0) return { ok: ok ? null : false, says: `nobody came to ${where}` }
  const what = protocol === 'tcp' ? 'connection' : 'datagram'
  const senders = [...new Set(came.map(({ from }) => from))]
  const from = senders.length > 3 ? `${senders.length} addresses` : senders.join(', ')
  const many = `${came.length + more} ${what}${came.length === 1 ? '' : 's'} to ${where}`
  return { ok, says: more === 0 ? `${many} from ${from}` : `${many}, the first ${came.length} from ${from}` }
}

/** One who came: `connection from 172.17.0.3:40312, says: GET / HTTP/1.1`. */
export function cameText(
  protocol: 'tcp' | 'udp',
  { from, port, says }: ListenResult['came'][number],
): string {
  const what = protocol === 'tcp' ? 'connection' : 'datagram'
  return `${what} from ${endText(from, port)}, ${says === '' ? 'says nothing' : `says: ${says}`}`
}
