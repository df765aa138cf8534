/** How much room the columns of the tree would like: as much as the longest entry takes, folded or not. */
import { isHidden } from '../../model/ids.ts'
import type { Address } from '../../model/address.ts'
import { isResolved } from '../../derive/peers.ts'
import type { FarEnd, LinkRow, Topology, TopologyRow } from '../../derive/topology-row.ts'
import { clean } from './text.ts'
import { width } from '../../lib/width.ts'

export type Needs = {
  readonly name: number
  readonly farNetns: number
  readonly farLink: number
  readonly address: number
  /** Of a row without a far end: its name and its address. */
  readonly alone: number
}

type Mutable = { -readonly [key in keyof Needs]: Needs[key] }

export const none: Needs = { name: 0, farNetns: 0, farLink: 0, address: 0, alone: 0 }
const memo = new WeakMap<Topology, Needs>()

export function needsOf(topology: Topology): Needs {
  let needs = memo.get(topology)
  if (needs === undefined) {
    const most: Mutable = { ...none }
    let budget = enough
    for (const section of topology.sections) budget = include(most, section, 0, Math.max(50, budget))
    needs = most
    memo.set(topology, needs)
  }
  return needs
}

/** Where there are more rows, programs made them and they look alike; this runs at each change of the host. */
const enough = 2000

/** Gives how many rows may still be looked at. */
function include(most: Mutable, row: TopologyRow, depth: number, budget: number): number {
  if (row.kind === 'link') includeLink(most, row, nameBegin(depth))
  else if (row.kind === 'container') {
    const name = columns(row.name)
    if (depth > 1) most.farNetns = Math.max(most.farNetns, name)
    else most.name = Math.max(most.name, nameBegin(depth) + name)
  }
  let left = budget - 1
  for (const child of row.children) {
    if (left <= 0) break
    left = include(most, child, depth + 1, left)
  }
  return left
}

function includeLink(most: Mutable, row: LinkRow, begin: number): void {
  const { isAlone, name, farNetns, farLink, address } = linkNeeds(row)
  if (isAlone) {
    most.alone = Math.max(most.alone, begin + name + 1 + address)
    return
  }
  most.name = Math.max(most.name, begin + name)
  most.farNetns = Math.max(most.farNetns, farNetns)
  most.farLink = Math.max(most.farLink, farLink)
  most.address = Math.max(most.address, address)
}

type LinkNeeds = Omit<Needs, 'alone'> & { readonly isAlone: boolean }

/** Nearly all rows are the same objects from one world to the next. */
const linkMemo = new WeakMap<LinkRow, LinkNeeds>()

function linkNeeds(row: LinkRow): LinkNeeds {
  let needs = linkMemo.get(row)
  if (needs === undefined) {
    needs = countedNeeds(row)
    linkMemo.set(row, needs)
  }
  return needs
}

function countedNeeds(row: LinkRow): LinkNeeds {
  const { far, peer, addresses, link } = row
  const name = columns(link.name)
  if (far === null && !isUnresolved(row)) {
    const address = addresses.length === 0 ? 0 : columns(addressText(addresses)) + 2
    return { isAlone: true, name, farNetns: 0, farLink: 0, address }
  }
  const theirs = addressText(far?.addresses ?? [])
  return {
    isAlone: false,
    name,
    farNetns: far === null ? 12 : columns(farNetnsText(far)),
    farLink: far !== null ? columns(far.link.name) : peer === null ? 0 : 4,
    address: columns(theirs === '' ? addressText(addresses) : theirs),
  }
}

/** Mark and tree lines in front of a name. */
export function nameBegin(depth: number): number {
  return 1 + 2 * Math.max(1, depth - 1)
}

/** Nearly every name is plain, and there are many. */
const columns = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : width(clean(text)))

export function isUnresolved(row: LinkRow): boolean {
  return row.peer !== null && !isResolved(row.peer)
}

/** What tells two hidden namespaces apart is the number, so it comes first. */
export function farNetnsText({ netns, netnsName }: FarEnd): string {
  return isHidden(netns) ? `nsid ${netns.slice(netns.lastIndexOf(':') + 1)} (hidden)` : netnsName
}

/** The first one, and how many more. Link-local ones tell nothing that a row has room for. */
export function addressText(addresses: readonly Address[]): string {
  let first: Address | undefined
  let count = 0
  for (const address of addresses) {
    if (address.scope === 'link') continue
    count += 1
    if (first === undefined || (first.family !== 'inet' && address.family === 'inet')) first = address
  }
  if (first === undefined) return ''
  return `${first.local}/${first.prefixLen}${count > 1 ? ` +${count - 1}` : ''}`
}
