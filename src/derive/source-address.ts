/**
 * The source address that the kernel chooses for a way out: inet_select_addr (net/ipv4/devinet.c) and
 * ipv6_dev_get_saddr (net/ipv6/addrconf.c, RFC 6724 section 5).
 */
import { contains, parseIp, parsePrefix, prefixOf, type Ip } from '../lib/ip.ts'
import type { Address } from '../model/address.ts'
import { isUnknown, listOf, unknown, type Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { addressesOf, linkAt } from './netns-index.ts'

export type Source = { readonly address: string | null; readonly why: string }

/** RT_SCOPE_* (linux/rtnetlink.h): a larger number is a smaller world. iproute2 prints others as numbers. */
export function scopeValue(scope: string): number {
  const named: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 }
  return named[scope] ?? Number(scope)
}

/** `gateway` null: the destination is on the link. `scope`: that of the route. */
export function sourceIpv4(netns: Netns, oif: number, gateway: string | null, scope: number): Known<Source> {
  if (isUnknown(netns.addresses)) return netns.addresses
  const link = linkAt(netns, oif)
  const name = link?.name ?? `link ${oif}`
  const localnet =
    link !== null && link.inet !== null && !isUnknown(link.inet) && link.inet.routeLocalnet !== 0
  const own = addressesOf(netns, oif).filter(
    (address) =>
      address.family === 'inet' &&
      !address.flags.includes('secondary') &&
      Math.min(scopeValue(address.scope), localnet ? 253 : 254) <= scope,
  )
  const towards = gateway === null ? null : parseIp(gateway)
  const beside = own.find((address) => {
    const ip = parseIp(address.peer ?? address.local)
    return ip !== null && towards !== null && contains(prefixOf(ip, address.prefixLen), towards)
  })
  if (beside !== undefined) {
    return {
      address: beside.local,
      why: `the address of ${name} in the gateway's network ${beside.local}/${beside.prefixLen}`,
    }
  }
  const [first] = own
  if (first !== undefined)
    return { address: first.local, why: `the first address of ${name} whose scope reaches far enough` }
  return elsewhereIpv4(netns, link, scope)
}

/** A link without an address of its own borrows: from its vrf first, then from any link, in their order. */
function elsewhereIpv4(netns: Netns, link: Link | null, scope: number): Source {
  const vrfOf = (one: Link | null): number | null => {
    const master = one?.master === null || one === null ? null : linkAt(netns, one.master)
    return master?.kind === 'vrf' ? master.ifindex : null
  }
  const vrf = vrfOf(link)
  const pick = (ifindex: number): Address | undefined =>
    addressesOf(netns, ifindex).find(
      (address) =>
        address.family === 'inet' &&
        !address.flags.includes('secondary') &&
        scopeValue(address.scope) !== 253 &&
        scopeValue(address.scope) <= scope,
    )
  const others = listOf(netns.links).filter((one) => vrfOf(one) === vrf)
  for (const one of [...(vrf === null ? [] : [linkAt(netns, vrf)]), ...others]) {
    const address = one === null ? undefined : pick(one.ifindex)
    if (one !== null && address !== undefined) {
      return {
        address: address.local,
        why: `borrowed from ${one.name}: ${link?.name ?? 'the link'} has none that fits`,
      }
    }
  }
  return { address: null, why: 'no link has an address that fits' }
}

/** Policy table of RFC 6724 section 2.1, as the kernel has it (net/ipv6/addrlabel.c): prefix → label. */
const labels = (
  [
    ['::1/128', 0],
    ['::/96', 3],
    ['::ffff:0:0/96', 4],
    ['2001::/32', 6],
    ['2001:10::/28', 7],
    ['fc00::/7', 5],
    ['2002::/16', 2],
    ['::/0', 1],
  ] as const
).flatMap(([text, label]) => {
  const prefix = parsePrefix(text)
  return prefix === null ? [] : [{ prefix, label }]
})

function labelOf(ip: Ip): number {
  return labels.find((each) => contains(each.prefix, ip))?.label ?? 1
}

/** Multicast scopes are in the address itself; of unicast: link-local 2, site-local 5, all else 14. */
function scopeOfIpv6(ip: Ip): number {
  if (ip.value >> 120n === 0xffn) return Number((ip.value >> 112n) & 0xfn)
  if (ip.value >> 118n === 0xfe80n >> 6n || ip.value === 1n) return 2
  return ip.value >> 118n === 0xfec0n >> 6n ? 5 : 14
}

type Candidate = { readonly address: Address; readonly ip: Ip; readonly name: string }

export function sourceIpv6(netns: Netns, oif: number, dst: Ip): Known<Source> {
  if (isUnknown(netns.addresses)) return netns.addresses
  const scope = scopeOfIpv6(dst)
  // Multicast and link-local destinations: addresses of the outgoing link only.
  const onlyOwn = dst.value >> 120n === 0xffn || scope <= 2
  const candidates = netns.addresses.flatMap((address): readonly Candidate[] => {
    const link = linkAt(netns, address.ifindex)
    const ip = parseIp(address.local)
    if (address.family !== 'inet6' || link === null || ip === null) return []
    if (onlyOwn && address.ifindex !== oif) return []
    if (!link.flags.includes('UP') || address.flags.includes('dadfailed')) return []
    if (address.flags.includes('tentative') && !address.flags.includes('optimistic')) return []
    return [{ address, ip, name: link.name }]
  })
  const better = (a: Candidate, b: Candidate): number => {
    for (const rule of rules) {
      const order = rule(a, dst, oif) - rule(b, dst, oif)
      if (order !== 0) return order
    }
    return 0
  }
  const [best] = candidates.sort(better)
  if (best === undefined) return { address: null, why: 'no link has an IPv6 address that fits' }
  const temporary = candidates.filter(
    (one) => one.address.ifindex === best.address.ifindex && one.address.flags.includes('temporary'),
  )
  if (temporary.length > 0 && !best.address.flags.includes('temporary')) {
    return unknown(
      `use_tempaddr of ${best.name} decides between ${best.address.local} and a temporary address`,
    )
  }
  return { address: best.address.local, why: `the best address of ${best.name} by RFC 6724` }
}

/** Smaller is better; rules 4 (home addresses) and 7 (temporary ones, see above) are not among them. */
const rules: readonly ((one: Candidate, dst: Ip, oif: number) => number)[] = [
  (one, dst) => (one.ip.value === dst.value ? 0 : 1),
  // Rule 2: the smallest scope that still reaches, else the largest.
  (one, dst) => {
    const [own, wanted] = [scopeOfIpv6(one.ip), scopeOfIpv6(dst)]
    return own >= wanted ? own : 100 - own
  },
  (one) => (one.address.flags.includes('deprecated') || one.address.flags.includes('optimistic') ? 1 : 0),
  (one, _dst, oif) => (one.address.ifindex === oif ? 0 : 1),
  (one, dst) => (labelOf(one.ip) === labelOf(dst) ? 0 : 1),
  (one) => (one.address.flags.includes('temporary') ? 1 : 0),
  // Rule 8: as many leading bits in common as can be, counted up to the address's own prefix length.
  (one, dst) => -Math.min(commonBits(one.ip, dst), one.address.prefixLen),
]

function commonBits(a: Ip, b: Ip): number {
  const difference = a.value ^ b.value
  return difference === 0n ? 128 : 128 - difference.toString(2).length
}
