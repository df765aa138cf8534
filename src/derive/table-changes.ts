/** Addresses, routes, policy rules and nexthop objects that came or went. */
import { same } from '../lib/same.ts'
import type { Address } from '../model/address.ts'
import { isUnknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { PolicyRule, Route } from '../model/route.ts'
import type { Difference } from './changes.ts'
import { indexOf } from './netns-index.ts'
import { policyRuleText, routeText } from './route-text.ts'

export function tableChanges(before: Netns, after: Netns): readonly Difference[] {
  const addresses = compare(before.addresses, after.addresses, addressKey)
  // An address that went with its link is no news, and the routes that come and go with an address are none.
  const stays = (ifindex: number): boolean => isUnknown(after.links) || indexOf(after).links.has(ifindex)
  const moved = new Set([...addresses.gone, ...addresses.come].map((address) => address.ifindex))
  const unexplained = (route: Route, netns: Netns): boolean => {
    if (route.cached || route.table === 255) return false
    if (route.oif === null) return true
    if (!stays(route.oif)) return false
    const link = indexOf(netns).links.get(route.oif)
    return (
      route.protocol !== 'kernel' ||
      (!moved.has(route.oif) && !stateChanged(before, after, link?.ifindex ?? 0))
    )
  }
  const routes = compare(before.routes, after.routes, routeKey)
  const rules = compare(before.policyRules, after.policyRules, (rule) => JSON.stringify(rule))
  const objects = compare(before.nexthopObjects, after.nexthopObjects, (object) => JSON.stringify(object))
  return [
    ...addresses.gone
      .filter((one) => stays(one.ifindex) && !isKernels(one))
      .map((one) => addressSays(one, after, 'removed')),
    ...addresses.come.filter((one) => !isKernels(one)).map((one) => addressSays(one, after, 'added')),
    ...duplicates(before, after),
    ...routes.gone.filter((one) => unexplained(one, before)).map((one) => routeSays(one, before, 'removed')),
    ...routes.come.filter((one) => unexplained(one, after)).map((one) => routeSays(one, after, 'added')),
    ...rules.gone.map((one) => ruleSays(one, 'removed')),
    ...rules.come.map((one) => ruleSays(one, 'added')),
    ...objects.gone.map((one) => ({ subject: `nexthop ${one.id}`, ifindex: one.oif, says: 'removed' })),
    ...objects.come.map((one) => ({ subject: `nexthop ${one.id}`, ifindex: one.oif, says: 'added' })),
  ]
}

type Compared<T> = { readonly gone: readonly T[]; readonly come: readonly T[] }

/** A table that could not be read on either side says nothing. Mostly nothing changed: then no keys are made. */
function compare<T>(
  before: Known<readonly T[]>,
  after: Known<readonly T[]>,
  keyOf: (entry: T) => string,
): Compared<T> {
  if (isUnknown(before) || isUnknown(after) || same(before, after)) return { gone: [], come: [] }
  // Rows that stayed are the very same objects (model/netns-edit.ts), and need no key.
  const [old, fresh] = [new Set(before), new Set(after)]
  const was = new Map(before.filter((entry) => !fresh.has(entry)).map((entry) => [keyOf(entry), entry]))
  const is = new Map(after.filter((entry) => !old.has(entry)).map((entry) => [keyOf(entry), entry]))
  return {
    gone: [...was].filter(([key]) => !is.has(key)).map(([, entry]) => entry),
    come: [...is].filter(([key]) => !was.has(key)).map(([, entry]) => entry),
  }
}

/**
 * The kernel gives a link its link-local address when it comes up and takes it away when it goes down. It tells that
 * it was its own doing since Linux 5.18 (IFA_PROTO); before, nobody can.
 */
function isKernels({ family, scope, protocol }: Address): boolean {
  return family === 'inet6' && scope === 'link' && (protocol === null || protocol === 'kernel_ll')
}

function addressKey(address: Address): string {
  return `${address.ifindex} ${address.local}/${address.prefixLen} ${address.peer ?? ''}`
}

/** Without flags (dead, linkdown follow the link) and lifetimes. */
function routeKey(route: Route): string {
  const { flags: _flags, expires: _expires, nexthops, ...rest } = route
  return JSON.stringify([rest, nexthops.map(({ oif, gateway, weight }) => [oif, gateway, weight])])
}

function stateChanged(before: Netns, after: Netns, ifindex: number): boolean {
  const [was, is] = [indexOf(before).links.get(ifindex), indexOf(after).links.get(ifindex)]
  return was?.flags.includes('UP') !== is?.flags.includes('UP') || was?.operstate !== is?.operstate
}

function addressSays(address: Address, netns: Netns, what: string): Difference {
  const name = indexOf(netns).links.get(address.ifindex)?.name ?? `link ${address.ifindex}`
  return {
    subject: name,
    ifindex: address.ifindex,
    says: `address ${address.local}/${address.prefixLen} ${what}`,
  }
}

/** Duplicate address detection failed: the address is there and does not work. */
function duplicates(before: Netns, after: Netns): readonly Difference[] {
  if (before.addresses === after.addresses || isUnknown(before.addresses) || isUnknown(after.addresses))
    return []
  const failed = (address: Address): boolean => address.flags.includes('dadfailed')
  const was = new Set(before.addresses.filter(failed).map(addressKey))
  return after.addresses
    .filter((address) => failed(address) && !was.has(addressKey(address)))
    .map((address) => addressSays(address, after, 'is a duplicate (dadfailed)'))
}

function routeSays(route: Route, netns: Netns, what: string): Difference {
  return { subject: 'route', ifindex: route.oif, says: `${routeText(route, netns)} ${what}` }
}

function ruleSays(rule: PolicyRule, what: string): Difference {
  return { subject: 'rule', ifindex: null, says: `${policyRuleText(rule)} ${what}` }
}
