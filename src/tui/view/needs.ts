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

const ofTopology = new WeakMap<Topology, Needs>()
const ofRow = new WeakMap<LinkRow, Needs>()

export function needsOf(topology: Topology): Needs {
  let needs = ofTopology.get(topology)
  if (needs === undefined) {
    const most: Mutable = { name: 0, farNetns: 0, farLink: 0, address: 0, alone: 0 }
    for (const section of topology.sections) add(most, section, 0)
    needs = most
    ofTopology.set(topology, needs)
  }
  return needs
}

function add(most: Mutable, row: TopologyRow, depth: number): void {
  if (row.kind === 'link') {
    const one = rowNeeds(row)
    if (row.far === null && !isUnresolved(row)) {
      most.alone = Math.max(most.alone, nameBegin(depth) + one.alone)
    } else {
      most.name = Math.max(most.name, nameBegin(depth) + one.name)
      most.farNetns = Math.max(most.farNetns, one.farNetns)
      most.farLink = Math.max(most.farLink, one.farLink)
      most.address = Math.max(most.address, one.address)
    }
  }
  for (const child of row.children) add(most, child, depth + 1)
}

/** Mark and tree lines in front of a name. */
export function nameBegin(depth: number): number {
  return 1 + 2 * Math.max(1, depth - 1)
}

function rowNeeds(row: LinkRow): Needs {
  let needs = ofRow.get(row)
  if (needs === undefined) {
    const { far, peer } = row
    const [theirs, ours] = [addressText(far?.addresses ?? []), addressText(row.addresses)]
    const name = columns(row.link.name)
    needs = {
      name,
      farNetns: far === null ? 12 : columns(farNetnsText(far)),
      farLink: far !== null ? columns(far.link.name) : peer === null ? 0 : 4,
      address: columns(theirs === '' ? ours : theirs),
      alone: name + 1 + (ours === '' ? 0 : columns(ours) + 2),
    }
    ofRow.set(row, needs)
  }
  return needs
}

const columns = (text: string): number => width(clean(text))

export function isUnresolved(row: LinkRow): boolean {
  return row.peer !== null && !isResolved(row.peer)
}

/** What tells two hidden namespaces apart is the number, so it comes first. */
export function farNetnsText({ netns, netnsName }: FarEnd): string {
  return isHidden(netns) ? `nsid ${netns.slice(netns.lastIndexOf(':') + 1)} (hidden)` : netnsName
}

/** The first one, and how many more. Link-local ones tell nothing that a row has room for. */
export function addressText(addresses: readonly Address[]): string {
  const wide = addresses.filter((address) => address.scope !== 'link')
  const first = wide.find((address) => address.family === 'inet') ?? wide[0]
  if (first === undefined) return ''
  const more = wide.length - 1
  return `${first.local}/${first.prefixLen}${more > 0 ? ` +${more}` : ''}`
}
