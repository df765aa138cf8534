import { msText } from '../../lib/ms-text.ts'
import { udpVerdicts, type UdpResult, type UdpVerdict, type Verdict } from '../../model/probe-result.ts'
import { endText, icmpText } from './tcp-verdict.ts'

type UdpPort = UdpResult['ports'][number]

export function udpVerdict({ ok, ports }: UdpResult): Verdict {
  const [first] = ports
  if (first === undefined) return { ok, says: 'stopped before anything was tried' }
  if (ports.length === 1) return { ok, says: outcomeOf(first) }
  const counts = udpVerdicts.flatMap((verdict) => {
    const count = ports.filter(({ result }) => result === verdict).length
    return count === 0 ? [] : [`${count} ${verdict.replaceAll('-', ' ')}`]
  })
  return { ok, says: counts.join(', ') }
}

/** `172.17.0.2:53 answered in 0.4 ms: …`. */
export function udpPortText(address: string, port: UdpPort): string {
  return `${endText(address, port.port)} ${outcomeOf(port)}`
}

const meanings: { readonly [V in UdpVerdict]: string } = {
  answered: '',
  closed: 'nothing listens on that port',
  'open-or-filtered': '',
  unreachable: 'no way there',
  prohibited: 'forbidden',
}

function outcomeOf({ result, ms, answer, icmp, says, source }: UdpPort): string {
  if (result === 'answered') {
    return `answered in ${msText(ms)}: ${answer === undefined || answer === '' ? 'an empty datagram' : answer}`
  }
  if (result === 'open-or-filtered') return `no answer in ${msText(ms)}: open or filtered`
  const why =
    icmp !== null
      ? icmpText(icmp, source)
      : says === undefined
        ? meanings[result]
        : `${says} (no packet left this namespace)`
  return `${result} after ${msText(ms)}: ${why}`
}
