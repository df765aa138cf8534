/** The host's own tool for the same question, to be run inside: dig, which asks one server and no files. */
import type { DnsRequest } from '../../model/probe.ts'
import { namePlan } from './name-plan.ts'
import { nameServer } from './resolv-conf.ts'

/** Run inside it would read the host's resolv.conf: so the server is named, and the name is whole. */
export function dnsCommand({ name, type, resolver, server, timeoutMs }: DnsRequest): readonly string[] {
  const { conf, names, types } = namePlan(resolver, name, type)
  const asked = (server === null ? null : nameServer(server)) ?? conf.servers[0]
  const [whole = name] = names
  const at = asked === undefined ? [] : [`@${asked.address}${asked.link === null ? '' : `%${asked.link}`}`]
  const port = asked === undefined || asked.port === 53 ? [] : ['-p', String(asked.port)]
  const seconds = Math.max(1, Math.round(Math.min(conf.timeoutMs, timeoutMs / conf.attempts) / 1000))
  return [
    'dig',
    ...at,
    ...port,
    `+time=${seconds}`,
    `+tries=${conf.attempts}`,
    ...types.flatMap((each) => [whole, each]),
  ]
}
