/** The line of `M` as a request: a network or a bridge, and what is offered of both. */
import { listOf } from '../../model/known.ts'
import { portsOf } from '../../derive/probe/host-ports.ts'
import { networkMembers } from '../../derive/probe/matrix-members.ts'
import type { Pointed } from '../../derive/probe/targets.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { familyOf, millisecondsOf, onlyWord, usage, type Asking } from './probe-line.ts'

const mostPorts = 64

export function matrixAsked({ world, place, line }: Asking): Outcome<ProbeRequest> {
  const word = onlyWord(line, 'a network, or a bridge')
  if (!word.ok) return word
  const given = line.given.get('port')?.[0]
  const ports = given === undefined ? succeeded([]) : portsOf(given)
  if (!ports.ok) return ports
  const isPing = !line.given.has('no-ping')
  if (!isPing && ports.value.length === 0) return usage('--no-ping leaves nothing to try', 'give --port')
  if (ports.value.length > mostPorts) return usage(`more than ${mostPorts} ports`)
  const found = networkMembers(world, word.value, familyOf(line))
  if (!found.ok) return found
  return succeeded({
    kind: 'matrix',
    place,
    ...found.value,
    ping: isPing,
    ports: ports.value,
    timeoutMs: millisecondsOf(line, 'timeout', 1000),
  })
}

type Network = { readonly text: string; readonly says: string; readonly isPointed: boolean }

/** Networks that have members, the selected one first; then bridges that are nobody's network. */
export function matrixOffers(world: World, pointed: Pointed): readonly Network[] {
  const near = bridgesAt(world, pointed)
  const networks = listOf(world.engines).flatMap(({ engine, networks: list }) =>
    listOf(list).map(({ name, bridge, driver }) => ({
      text: name,
      bridge,
      says: `${engine} ${driver}${bridge === null || bridge === name ? '' : `, ${bridge}`}`,
    })),
  )
  const taken = new Set(networks.map(({ bridge }) => bridge))
  const bridges = world.netns.flatMap(({ links }) =>
    listOf(links)
      .filter(({ kind, name }) => kind === 'bridge' && !taken.has(name))
      .map(({ name }) => ({ text: name, bridge: name, says: 'a bridge' })),
  )
  return [...networks, ...bridges]
    .flatMap(({ text, bridge, says }): readonly Network[] => {
      const found = networkMembers(world, text, null)
      if (!found.ok) return []
      const { length } = found.value.members
      const isPointed = bridge !== null && near.has(bridge)
      return [{ text, says: `${says}: ${length} ${length === 1 ? 'member' : 'members'}`, isPointed }]
    })
    .toSorted((a, b) => Number(b.isPointed) - Number(a.isPointed))
}

/** The bridge that is selected, or that the selected link is a port of. */
function bridgesAt(world: World, { netns, ifindex }: Pointed): ReadonlySet<string> {
  const there = world.netns.find(({ id }) => id === netns)
  const index = there === undefined ? null : indexOf(there)
  const link = ifindex === null ? undefined : index?.links.get(ifindex)
  const master =
    link?.master === undefined || link.master === null ? undefined : index?.links.get(link.master)
  return new Set([link, master].flatMap((each) => (each?.kind === 'bridge' ? [each.name] : [])))
}
