/** Namespaces that come and go by a plan. */
import { isResolved, peers } from '../../derive/peers.ts'
import { netnsId, type NetnsId } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Netns, NetnsName } from '../../model/netns.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atNamed } from '../at.ts'
import { madeLoopback, withoutLink } from './links-after.ts'

type NetnsFact = Extract<Fact, { readonly kind: 'netns' }>

/** No inode is called so. */
const toBeMade = 'to-be-made:'

/** Whether it is the id of a namespace that the plan itself makes: nothing can be held against it before. */
export function isToBeMade(id: string): boolean {
  return id.startsWith(toBeMade)
}

export function afterNetns(world: World, { name, there }: NetnsFact, step: Step): World {
  return there ? withName(world, name, step) : withoutName(world, name)
}

function withName(world: World, name: string, { command: { argv } }: Step): World {
  const path = atNamed(name)
  if (world.netns.some(({ names }) => names.some((each) => each.path === path))) return world
  const [tool, ...words] = argv
  const bound =
    tool === 'ip' && words[1] === 'attach'
      ? ofProcess(world, Number(words[3]))
      : tool === 'mount'
        ? ofPath(world, words[1] ?? '')
        : null
  if (bound === null) return { ...world, netns: [...world.netns, made(name)] }
  return {
    ...world,
    netns: world.netns.map((each) => (each === bound ? { ...each, names: withOne(each.names, name) } : each)),
  }
}

function ofProcess({ netns }: World, pid: number): Netns | null {
  return netns.find(({ holders }) => holders.processes.includes(pid)) ?? null
}

function ofPath({ netns }: World, path: string): Netns | null {
  return netns.find(({ names }) => names.some((each) => each.path === path)) ?? null
}

/** A node's: files name no other namespaces to be made. */
function namesOf(name: string): readonly [NetnsName, NetnsName] {
  return [
    { name, source: 'lab', path: null },
    { name, source: 'named', path: atNamed(name) },
  ]
}

/** Those of /run/netns stand in the order of their names (collect/discover): a command enters by the first. */
function withOne(names: Netns['names'], name: string): Netns['names'] {
  const next = names.findIndex((each) => each.source === 'named' && each.name > name)
  const last = names.findLastIndex((each) => each.source === 'named' || each.source === 'host')
  const at = next === -1 ? last + 1 : next
  const [lab, named] = namesOf(name)
  const all = [...names.slice(0, at), named, ...names.slice(at)]
  const labs = all.findLastIndex((each) => each.source === 'lab') + 1
  return [...all.slice(0, labs), lab, ...all.slice(labs)]
}

function made(name: string): Netns {
  return {
    id: netnsId(`${toBeMade}${name}`),
    dev: null,
    cookie: null,
    userNamespace: { unknown: 'the plan itself makes it' },
    names: namesOf(name),
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
    readable: true,
    links: [madeLoopback()],
    addresses: [],
    routes: [],
    policyRules: [],
    nexthopObjects: [],
    neighbours: [],
    fdb: [],
    mdb: [],
    nsids: [],
    details: null,
    firewall: null,
    conntrack: null,
  }
}

/** What nothing else keeps goes with its name, and the other ends of its links with it. */
function withoutName(world: World, name: string): World {
  const path = atNamed(name)
  const netns = world.netns.find(({ names }) => names.some((each) => each.path === path))
  if (netns === undefined) return world
  const names = netns.names.filter(
    (each) => each.path !== path && !(each.source === 'lab' && each.name === name),
  )
  const { processes, threads, fds, sockets } = netns.holders
  const isKept = [names, processes, threads, fds, sockets].some(({ length }) => length > 0)
  if (isKept || netns.id === world.host) {
    return { ...world, netns: world.netns.map((each) => (each === netns ? { ...netns, names } : each)) }
  }
  const ends = endsOf(world, netns)
  return {
    ...world,
    netns: world.netns
      .filter((each) => each !== netns)
      .map((each) =>
        listOf(each.links)
          .filter(({ ifindex }) => ends.get(each.id)?.has(ifindex) === true)
          .reduce(withoutLink, each),
      ),
  }
}

/** In other namespaces. */
function endsOf(world: World, { id, links }: Netns): ReadonlyMap<NetnsId, ReadonlySet<number>> {
  const { peerOf } = peers(world.netns)
  const ends = new Map<NetnsId, Set<number>>()
  for (const { ifindex } of listOf(links)) {
    const other = peerOf(id, ifindex)
    if (!isResolved(other) || other.netns === id) continue
    ends.set(other.netns, (ends.get(other.netns) ?? new Set()).add(other.ifindex))
  }
  return ends
}
