/** What /etc/resolv.conf says in a node: the host's nameservers that can be reached from there. */
import { nameServer } from '../../derive/probe/resolv-conf.ts'
import { resolverOf } from '../../derive/probe/resolver.ts'
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Lab, LabNode } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { defaultRoutes } from './default-routes.ts'

/** resolv.conf of the host; null: it could not be read. */
export function hostResolvConf(world: World): string | null {
  const host = world.netns.find(({ id }) => id === world.host)
  return host === undefined ? null : resolverOf(world, host).resolvConf
}

type Kept = { readonly of: string | null; readonly networks: Lab['networks']; readonly text: string }

/** A plan for many nodes asks for the same of each of them again and again. */
const memo = new WeakMap<LabNode, Kept>()

export function resolvText(text: string | null, lab: Lab, node: LabNode): string {
  const kept = memo.get(node)
  if (kept !== undefined && kept.of === text && kept.networks === lab.networks) return kept.text
  const made = textFor(text, lab, node)
  memo.set(node, { of: text, networks: lab.networks, text: made })
  return made
}

/**
 * `text`: the host's. A node that none can be reached from gets a file without any: programs there then ask themselves (resolv.conf(5)) and hear at
 * once that nobody answers, instead of waiting for servers that never will.
 */
function textFor(text: string | null, lab: Lab, node: LabNode): string {
  const lines = (text ?? '').split('\n').map((line) => line.trim())
  const servers = lines.flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
  const reached = servers.filter((server) => isReached(server, lab, node))
  const others = lines.filter((line) => /^(?:search|domain|options)\s/.test(line))
  return [
    '# Written by vethscope: the nameservers of the host that can be reached from here.',
    ...reached.map((server) => `nameserver ${server}`),
    ...(reached.length === 0 ? [none(text, servers)] : others),
    '',
  ].join('\n')
}

function none(text: string | null, servers: readonly string[]): string {
  if (text === null) return '# None is known: resolv.conf of the host could not be read.'
  return `# None of them can: ${servers.length === 0 ? 'the host has none' : sanitise(servers.join(', '))}.`
}

/** By a default route of its family, or as a neighbour. 127.0.0.53 is the host's own, and fe80::1%eth0 lies at a link of the host. */
function isReached(text: string, lab: Lab, { endpoints }: LabNode): boolean {
  const server = nameServer(text)
  const ip = server === null ? null : parseIp(server.address)
  if (server === null || ip === null || server.link !== null || isNowhere(server.address)) return false
  const isNeighbour = endpoints.some(({ ipv4, ipv6 }) =>
    [ipv4, ipv6].some((own) => {
      const prefix = own === null ? null : parsePrefix(own)
      return prefix !== null && contains(prefix, ip)
    }),
  )
  return isNeighbour || defaultRoutes(lab, endpoints).some(({ family }) => family === ip.family)
}

const nowhere = ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '::/127', 'fe80::/10'].flatMap(
  (text) => parsePrefix(text) ?? [],
)

function isNowhere(address: string): boolean {
  const ip = parseIp(address)
  return ip === null || nowhere.some((prefix) => contains(prefix, ip))
}
