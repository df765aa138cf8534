/** What a rule's words are made with: where it stands, and whose the addresses in it are. */
import { parsePrefix, widthOf } from '../../lib/ip.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Chain, Firewall, NfTable, NftSet } from '../../model/ruleset.ts'
import type { World } from '../../model/world.ts'
import { addressNames, type AddressNames } from './address-names.ts'

export type RuleContext = {
  readonly netns: NetnsId
  /** How rules speak of the namespace they are in. */
  readonly here: 'this host' | 'this namespace'
  readonly names: AddressNames
  readonly firewall: Firewall
  readonly table: NfTable
  readonly chain: Chain
}

export function ruleContext(
  world: World,
  netns: NetnsId,
  firewall: Firewall,
  place: { readonly table: NfTable; readonly chain: Chain },
): RuleContext {
  const here = netns === world.host ? 'this host' : 'this namespace'
  return { netns, here, names: addressNames(world), firewall, ...place }
}

/** `172.17.0.2/32` is one address. */
export function withoutHostPrefix(value: string): string {
  return value.replace(value.includes(':') ? /\/128$/ : /\/32$/, '')
}

/** `nginx1` or `nginx1 or web`; null where nobody known has it, or where it is no single address. */
export function nameOfAddress({ names, netns }: RuleContext, value: string): string | null {
  const owners = [...new Set(names.ownersOf(withoutHostPrefix(value), netns).map(({ name }) => name))]
  if (owners.length === 0) return null
  return owners.length > 3 ? `one of ${owners.length}` : owners.join(' or ')
}

/** Names that say no more than the bridge's own. */
const usualNames: ReadonlySet<string> = new Set(['bridge', 'podman'])

/** The network whose subnet it is; null also where `told` names the network's link already and its name says no more. */
export function nameOfNetwork(context: RuleContext, value: string, told: readonly string[]): string | null {
  const prefix = value.includes('/') ? parsePrefix(value) : null
  if (prefix === null || prefix.length === widthOf(prefix.family) || prefix.length === 0) return null
  const network = context.names.networkOf(value, context.netns)
  if (network === null) return null
  const { name, link } = network
  if (
    link !== null &&
    told.includes(link) &&
    (usualNames.has(name) || name === link || name === `network of ${link}`)
  )
    return null
  return name
}

const sets = new WeakMap<NfTable, ReadonlyMap<string, NftSet>>()

/** A named set or map of the rule's own table. */
export function setNamed(table: NfTable, name: string): NftSet | null {
  const kept = sets.get(table)
  if (kept !== undefined) return kept.get(name) ?? null
  const made = new Map(table.sets.map((set) => [set.name, set]))
  sets.set(table, made)
  return made.get(name) ?? null
}

/** How many members an ipset has; null where that is not known. */
export function ipsetSize({ firewall }: RuleContext, name: string): number | null {
  if (isUnknown(firewall.ipsets)) return null
  return firewall.ipsets.find((set) => set.name === name)?.members.length ?? null
}

/** `a`, `a or b`, `a, b or c`. */
export function eitherOf(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
