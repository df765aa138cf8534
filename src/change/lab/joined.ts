/** Whose namespace a node joins: the host's, another node's, a container's. */
import { allContainers, findContainers } from '../../derive/containers.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { Lab } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { atNamed } from '../at.ts'
import { netnsAt } from '../check/seen.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { isBindable } from './namespace-steps.ts'

/** `of`: null stands for the host. */
export function joinedNetns(world: World, lab: Lab, of: string | null): Planned<Netns> {
  if (of === null) {
    const host = world.netns.find(({ id }) => id === world.host)
    return host === undefined
      ? refused(unreadable('host', 'the host’s namespace', null))
      : fit(world, host, 'the host')
  }
  const shown = sanitise(of)
  if (lab.nodes.some(({ name }) => name === of)) {
    const netns = netnsNamed(world, of)
    return netns === null
      ? refused(refusal(of, `node ${of} is broken: its namespace is not there any more`))
      : fit(world, netns, `node ${of}`)
  }
  return containerNetns(world, of, shown)
}

function containerNetns(world: World, of: string, shown: string): Planned<Netns> {
  const found = findContainers(world, of).filter(({ engine }) => engine.engine !== 'lab')
  const [only] = found
  if (only === undefined) {
    if (isUnknown(world.engines))
      return refused(
        unreadable(shown, `there is no node "${shown}" to join, and containers`, world.engines.unknown),
      )
    const names = allContainers(world).map(({ container }) => sanitise(container.name))
    const there = names.length === 0 ? 'there is none' : `there are ${names.slice(0, 8).join(', ')}`
    return refused({
      kind: 'not-found',
      what: `there is no node and no container "${shown}" to join`,
      subject: shown,
      hint: there,
    })
  }
  if (found.length > 1) {
    const which = found.map(
      ({ engine, container }) =>
        `${engine.engine} ${sanitise(container.name)} (${container.id.slice(0, 12)})`,
    )
    return refused({
      kind: 'ambiguous',
      what: `"${shown}" could mean ${which.join(' or ')}`,
      subject: shown,
      hint: 'name it by its id',
    })
  }
  const { netns: id, state } = only.container
  if (isUnknown(id)) return refused(refusal(shown, `cannot join container ${shown}: ${id.unknown}`))
  const netns = world.netns.find((each) => each.id === id)
  return id === null || netns === undefined
    ? refused(refusal(shown, `cannot join container ${shown}: it does not run (${sanitise(state)})`))
    : fit(world, netns, `container ${shown}`)
}

function fit(world: World, netns: Netns, who: string): Planned<Netns> {
  return isBindable(world, netns)
    ? planned(netns)
    : refused(refusal(who, `cannot join ${who}: no file leads to its namespace`))
}

/** The namespace of a node. */
export function netnsNamed(world: World, name: string): Netns | null {
  return netnsAt(world, atNamed(name))
}
