/**
 * The rules of a lab as one native nft table a family, which is replaced as a whole: its text follows from the lab alone and from
 * what was recorded when forwarding was turned on.
 *
 * A drop is final at whatever priority, and an accept ends its own base chain only (nft(8), "Chains"): this table forbids
 * and translates. What others forbid it cannot allow (accept-steps.ts). What it drops it counts, so that a failed probe can name the rule.
 */
import { createHash } from 'node:crypto'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import { isolationMark, nothingAround, type Around } from './around.ts'
import { bridged, familyOf, linked, published, subnetsOf, type RuleFamily } from './reach.ts'

/** That this program turned forwarding on, and what has to be put back. */
export type Forwarded = {
  /** Links that were there: between them nothing was forwarded before, and nothing is now. */
  readonly links: readonly string[]
  /** `net/ipv4/conf/all/forwarding=0`, in the order in which they are written. */
  readonly was: readonly string[]
  /** Rules of others that translated addresses when it was turned on. */
  readonly natRules: number
}

export type TableText = {
  /** null: nothing stands in it, so it is not there. */
  readonly text: string | null
  /** Rules of each chain. */
  readonly rules: Readonly<Record<string, number>> | null
}

/** Where a chain is hooked in; none: what is recorded, which no packet meets. */
const hooks: Readonly<Record<string, string>> = {
  // Before conntrack (-200), as iptables' raw table.
  raw: 'type filter hook prerouting priority -300; policy accept;',
  prerouting: 'type nat hook prerouting priority -100; policy accept;',
  output: 'type nat hook output priority -100; policy accept;',
  guard: 'type filter hook forward priority -10; policy accept;',
  postrouting: 'type nat hook postrouting priority 100; policy accept;',
}

/** `at`: whose table; only the host's has more than plain masquerades. */
export function tableText(
  lab: Lab,
  family: RuleFamily,
  at = 'host',
  forwarded: Forwarded | null = null,
  around: Around = nothingAround,
): TableText {
  const chains: readonly (readonly [string, readonly string[]])[] =
    at === 'host'
      ? [
          ['raw', loopbackRules(lab, family)],
          ['prerouting', portRules(lab, family, 'prerouting')],
          ['output', portRules(lab, family, 'output')],
          ['guard', guardRules(lab, family, forwarded, around)],
          [
            'postrouting',
            [...backRules(lab, family), ...masquerades(lab, family, around), ...plain(lab, family, at)],
          ],
          ['recorded', recordRules(forwarded)],
        ]
      : [['postrouting', plain(lab, family, at)]]
  const filled = chains.filter(([, rules]) => rules.length > 0)
  if (filled.length === 0) return { text: null, rules: null }
  const body = filled.map(([name, rules]) =>
    chainText(name, [...(hooks[name] === undefined ? [] : [hooks[name]]), ...rules]),
  )
  // Two texts may have as many rules: an empty chain named after the text tells one from the other.
  const name = `text-${createHash('sha256').update(body.join('')).digest('hex').slice(0, 12)}`
  return {
    text: `table ${family} ${labMark} {\n${[...body, chainText(name, [])].join('')}}\n`,
    rules: { ...Object.fromEntries(filled.map(([chain, rules]) => [chain, rules.length])), [name]: 0 },
  }
}

function chainText(name: string, lines: readonly string[]): string {
  return `  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`
}

/** With route_localnet on a bridge, nodes would reach services of the host that listen on 127.0.0.1 alone. */
function loopbackRules(lab: Lab, family: RuleFamily): readonly string[] {
  if (family === 'ip6' || published(lab, family).length === 0) return []
  return ['saddr', 'daddr'].map(
    (side) => `iifname != "lo" ip ${side} 127.0.0.0/8 counter drop${marked('loopback')}`,
  )
}

/** Only for addresses of this host: else what passes through it to that port elsewhere were taken away. */
function portRules(lab: Lab, family: RuleFamily, hook: 'prerouting' | 'output'): readonly string[] {
  return published(lab, family).flatMap(({ network, node, port, address }) => {
    const { hostIp, hostPort, protocol } = port
    if (hook === 'prerouting' && isLoopback(hostIp)) return []
    const every = family === 'ip' ? '0.0.0.0' : '::'
    const daddr =
      hostIp !== every
        ? `${family} daddr ${hostIp} `
        : // The kernel routes what is for ::1 nowhere but to lo, whatever becomes of its address.
          family === 'ip6'
          ? 'ip6 daddr != ::1 '
          : ''
    const to = family === 'ip' ? address : `[${address}]`
    return [
      `fib daddr type local ${daddr}${protocol} dport ${hostPort} dnat to ${to}:${port.port}${marked(network.name, node.name)}`,
    ]
  })
}

function guardRules(
  lab: Lab,
  family: RuleFamily,
  forwarded: Forwarded | null,
  around: Around,
): readonly string[] {
  const networks = bridged(lab)
  const internal = networks.filter((each) => each.internal)
  const ports = published(lab, family)
  const links = linked(lab, family)
  const closed = networks.filter(({ icc }) => !icc)
  const bridges = [...new Set(networks.map(({ bridge }) => bridge))]
  const apart = bridges.filter((bridge) => !around.uplinks.includes(bridge))
  const isolated = apart.flatMap((bridge) => {
    const others = apart.filter((each) => each !== bridge)
    const name = networks.find((each) => each.bridge === bridge)?.name ?? bridge
    return others.length === 0
      ? []
      : [`iifname "${bridge}" oifname ${names(others)} counter drop${marked(name, 'isolation')}`]
  })
  const there = (forwarded?.links ?? []).filter((link) => !bridges.includes(link))
  const transit =
    there.length === 0
      ? []
      : [`iifname ${names(there)} oifname ${names(there)} counter drop${marked('forwarding')}`]
  const open = networks.filter(
    (each) => !each.internal && apart.includes(each.bridge) && subnetsOf(each, family).length > 0,
  )
  const foreign = foreignRules([...new Set(open.map(({ bridge }) => bridge))], around)
  const drops = [...closed, ...isolated, ...foreign]
  return [
    // Nothing may be let out of an internal network, whatever comes after.
    ...internal.flatMap(({ name, bridge }) => [
      `iifname "${bridge}" oifname != "${bridge}" counter drop${marked(name, 'internal')}`,
      `iifname != "${bridge}" oifname "${bridge}" counter drop${marked(name, 'internal')}`,
    ]),
    ...(drops.length === 0 ? [] : [`ct state established,related accept${marked('back')}`]),
    ...links.map(
      ({ network: { name, bridge }, from, to }) =>
        `iifname "${bridge}" oifname "${bridge}" ${family} saddr ${from} ${family} daddr ${to} accept${marked(name, 'link')}`,
    ),
    ...ports
      .filter(({ network }) => !network.icc)
      .map(
        ({ network: { name, bridge }, node, address, port }) =>
          `iifname "${bridge}" oifname "${bridge}" ct status dnat ${family} saddr ${address} ${family} daddr ${address} ${port.protocol} dport ${port.port} accept${marked(name, node.name)}`,
      ),
    ...closed.map(
      ({ name, bridge }) => `iifname "${bridge}" oifname "${bridge}" counter drop${marked(name, 'icc')}`,
    ),
    ...(isolated.length === 0 && foreign.length === 0
      ? []
      : ports.map(
          ({ network: { name, bridge }, node, address, port }) =>
            `oifname "${bridge}" ct status dnat ${family} daddr ${address} ${port.protocol} dport ${port.port} accept${marked(name, node.name)}`,
        )),
    ...isolated,
    ...foreign,
    ...transit,
  ]
}

/**
 * Between our bridges and those of others only what they publish: Docker lets what its bridges send go anywhere but to its own
 * other bridges. What is published by us was let through before.
 */
function foreignRules(ours: readonly string[], { uplinks, bridges }: Around): readonly string[] {
  if (ours.length === 0 || bridges?.length === 0) return []
  const mark = ` comment "${isolationMark}"`
  const other = (side: 'iif' | 'oif'): string =>
    bridges === null
      ? `meta ${side}kind "bridge" ${side}name != ${names([...ours, ...uplinks])}`
      : `${side}name ${names(bridges)}`
  return [
    `iifname ${names(ours)} ${other('oif')} ct status dnat accept${mark}`,
    `iifname ${names(ours)} ${other('oif')} counter drop${mark}`,
    `oifname ${names(ours)} ${other('iif')} counter drop${mark}`,
  ]
}

/**
 * Back through the host where an answer would go another way: to a node or neighbour, which would see a stranger's address, and
 * to 127.0.0.1, which is somebody else in the node.
 */
function backRules(lab: Lab, family: RuleFamily): readonly string[] {
  const networks = new Set(published(lab, family).map(({ network }) => network))
  return bridged(lab)
    .filter((network) => [...networks].some(({ name }) => name === network.name))
    .map((network) => {
      const from = [...subnetsOf(network, family), ...(family === 'ip' ? ['127.0.0.0/8'] : [])]
      return `oifname "${network.bridge}" ct status dnat ${family} saddr { ${from.join(', ')} } masquerade${marked(network.name, 'back')}`
    })
}

/** Into another network of the lab only what is published goes: its source is kept. */
function masquerades(lab: Lab, family: RuleFamily, { uplinks }: Around): readonly string[] {
  const bridges = [...new Set(bridged(lab).map(({ bridge }) => bridge))]
  const inside = (own: string): readonly string[] =>
    bridges.filter((bridge) => bridge === own || !uplinks.includes(bridge))
  return bridged(lab)
    .filter(({ masquerade, internal }) => masquerade && !internal)
    .flatMap((network) =>
      subnetsOf(network, family).map(
        (subnet) =>
          `${family} saddr ${subnet} oifname != ${names(inside(network.bridge))} masquerade${marked(network.name)}`,
      ),
    )
}

function plain(lab: Lab, family: RuleFamily, at: string): readonly string[] {
  return lab.masquerades
    .filter((each) => each.at === at && familyOf(each.subnet) === family)
    .map(({ subnet, out }) => {
      const link = out === null ? '' : ` oifname "${out}"`
      return `${family} saddr ${subnet}${link} masquerade comment "${labMark}"`
    })
}

function recordRules(forwarded: Forwarded | null): readonly string[] {
  if (forwarded === null) return []
  const { was, natRules, links } = forwarded
  const all = [...was, `nat-rules=${natRules}`, ...links.map((link) => `link=${link}`)]
  return all.map((value) => `return comment "${value}"`)
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.')
}

function names(links: readonly string[]): string {
  const [only = '', ...more] = links
  return more.length === 0 ? `"${only}"` : `{ ${links.map((link) => `"${link}"`).join(', ')} }`
}

function marked(...what: readonly string[]): string {
  return ` comment "${[labMark, ...what].join(':')}"`
}
