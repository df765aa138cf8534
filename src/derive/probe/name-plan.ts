/** What a program in a namespace does with a name: what files answer, and which servers are asked for which full names. */
import { sanitise } from '../../lib/sanitise.ts'
import type { DnsType, Resolver } from '../../model/probe.ts'
import type { DnsAnswer } from '../../model/probe-result.ts'
import { addressesIn, namesIn, parseHosts } from './hosts-file.ts'
import { nameOrder, type NameOrder } from './name-order.ts'
import { fullNames, parseResolvConf, type ResolvConf } from './resolv-conf.ts'
import { reverseName } from './reverse-name.ts'

export type NamePlan = {
  readonly types: readonly DnsType[]
  /** From /etc/hosts. */
  readonly files: readonly DnsAnswer[]
  /** It needs nobody's answer: `localhost` (RFC 6761), where the file does not have it. */
  readonly always: readonly DnsAnswer[]
  /** In the order in which they are asked for. */
  readonly names: readonly string[]
  readonly order: NameOrder
  readonly conf: ResolvConf
}

/** `type`: null: its addresses, or the names of an address. */
export function namePlan(resolver: Resolver, name: string, type: DnsType | null): NamePlan {
  const reverse = type === 'PTR' || type === null ? reverseName(name) : null
  const types: readonly DnsType[] = type === null ? (reverse === null ? ['A', 'AAAA'] : ['PTR']) : [type]
  const { resolvConf, hosts } = resolver.unread ?? { resolvConf: null, hosts: null }
  const conf = parseResolvConf(resolver.resolvConf, resolvConf)
  const order = nameOrder(resolver.nsswitch)
  const unread = hosts === null ? [] : [`hosts could not be read (${sanitise(hosts)}): it may have the name`]
  return {
    types,
    files: inFiles(resolver.hosts, name, types, reverse),
    always: loopback(name, types),
    names: reverse === null ? fullNames(name, conf) : [reverse],
    order: { ...order, remarks: [...unread, ...order.remarks] },
    conf,
  }
}

function inFiles(
  content: string | null,
  name: string,
  types: readonly DnsType[],
  reverse: string | null,
): readonly DnsAnswer[] {
  const hosts = parseHosts(content)
  if (reverse !== null) {
    return namesIn(hosts, name).map((value) => ({ name: reverse, type: 'PTR', ttl: null, value }))
  }
  return addressesIn(hosts, name)
    .map(({ address, family }) => ({ name, type: family === 4 ? 'A' : 'AAAA', ttl: null, value: address }))
    .filter((answer) => types.some((type) => type === answer.type))
}

function loopback(name: string, types: readonly DnsType[]): readonly DnsAnswer[] {
  if (!/^(.+\.)?localhost\.?$/i.test(name)) return []
  const answers: readonly DnsAnswer[] = [
    { name, type: 'A', ttl: null, value: '127.0.0.1' },
    { name, type: 'AAAA', ttl: null, value: '::1' },
  ]
  return answers.filter((answer) => types.some((type) => type === answer.type))
}
