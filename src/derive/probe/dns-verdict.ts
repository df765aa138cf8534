import { msText } from '../../lib/ms-text.ts'
import type { DnsResult, DnsServer, Verdict } from '../../model/probe-result.ts'

/** `answered 172.28.5.2 in 3.1 ms`, `NXDOMAIN from 127.0.0.11: no such name`. */
export function dnsVerdict(result: DnsResult): Verdict {
  return { ok: result.ok, says: result.ok ? answered(result) : unanswered(result) }
}

const shown = 3

function answered({ from, answers, servers, status }: DnsResult): string {
  const values = answers.filter(({ type }) => type !== 'CNAME' && type !== 'DNAME').map(({ value }) => value)
  const more = values.length > shown ? ` and ${values.length - shown} more` : ''
  const list = `${values.slice(0, shown).join(', ')}${more}`
  if (from === 'hosts') return `${list}, from /etc/hosts`
  const server = servers.find((each) => each.status === status && each.answers.length > 0)
  return server === undefined
    ? `answered ${list}`
    : `${server.address} answered ${list} in ${msText(server.ms)}`
}

function unanswered({ name, status, servers }: DnsResult): string {
  const server = servers.find((each) => each.status === status)
  if (server === undefined) return `no answer for ${name}`
  if (servers.length > 1 && servers.every(isSilent)) {
    return `no name server answers: ${servers.map((each) => `${each.address} ${whyOf(each)}`).join('; ')}`
  }
  return `${server.address} ${whyOf(server)}`
}

function isSilent({ status }: DnsServer): boolean {
  return status === 'timeout' || status === 'unreachable'
}

function whyOf({ status, says, ms, asked }: DnsServer): string {
  switch (status) {
    case 'timeout':
      return `is silent: ${says ?? 'no answer'} in ${msText(ms)}`
    case 'unreachable':
      return `cannot be asked: ${says ?? 'unreachable'}`
    case 'NXDOMAIN':
      return `says there is no such name (NXDOMAIN)`
    case 'NOERROR':
      return `knows ${asked} and has no such record`
    default:
      return `says ${status}${says === undefined ? '' : `: ${says}`}`
  }
}
