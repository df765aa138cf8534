/** What is odd about how a name was resolved, in sentences. */
import type { DnsServer } from '../../model/probe-result.ts'
import type { NamePlan } from './name-plan.ts'

/** How a server's `says` begins where its port is closed. */
export const nothingListens = 'nothing listens there'

const embedded = '127.0.0.11'
const stub = '127.0.0.53'

/** `servers`: what each said, in the order of resolv.conf; none: files answered. */
export function dnsRemarks(plan: NamePlan, servers: readonly DnsServer[]): readonly string[] {
  const { conf, order, types } = plan
  const view = viewOf(servers)
  const remarks = servers.flatMap(listenerRemark)
  const answering = view === null ? -1 : servers.indexOf(view)
  for (const [at, { address, status }] of servers.entries()) {
    if (at >= answering || status !== 'timeout') continue
    remarks.push(
      `${address} is asked first and is silent: programs wait ${conf.timeoutMs / 1000} s for it before they ask the next one`,
    )
  }
  if (view !== null && !has(view, types)) {
    const other = servers.find((server) => has(server, types))
    if (view.status === 'NOERROR') {
      remarks.push(`${view.address} knows ${view.asked}, and has no ${types.join(' or ')} record of it`)
    }
    if (other !== undefined) {
      remarks.push(
        `${other.address} has an answer, and programs do not ask it: ${view.address} comes before it and said ${view.status}`,
      )
    }
  }
  if (conf.rotate && servers.length > 1) {
    remarks.push('resolv.conf has "rotate": programs begin with any of these servers')
  }
  return [...conf.remarks, ...order.remarks, ...remarks]
}

/** Which one decides for a program: the first that knows, if only that there is no such name. null: none knows. */
export function viewOf(servers: readonly DnsServer[]): DnsServer | null {
  return servers.find(({ status }) => status === 'NOERROR' || status === 'NXDOMAIN') ?? null
}

function has({ answers }: DnsServer, types: readonly string[]): boolean {
  return answers.some(({ type }) => types.includes(type))
}

function listenerRemark({ address, status, says }: DnsServer): readonly string[] {
  if (status === 'timeout' && address === embedded) {
    return [
      `${embedded} is there and silent: the engine's name server got the question, or a rule drops it, and what it asks itself does not answer`,
    ]
  }
  if (status !== 'unreachable' || says?.includes(nothingListens) !== true) return []
  if (address === embedded) {
    return [
      `${embedded} has no listener: the engine's name server, which only containers on networks of their own have, is not in this namespace, so no name is resolved here`,
    ]
  }
  if (address === stub) {
    return [
      `${stub} has no listener: systemd-resolved listens in the host's namespace, and this is another one`,
    ]
  }
  return address === '127.0.0.1' || address === '::1'
    ? [`${address} has no listener: no name server runs in this namespace`]
    : []
}
