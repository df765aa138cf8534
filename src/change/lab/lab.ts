/** The lab of the World's host. */
import { isUnknown } from '../../model/known.ts'
import type { Lab, LabNetwork, LabNode } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { planned, refused, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'

const noLab: Lab = { networks: [], nodes: [], masquerades: [], unfinished: null }

/** Refused where it could not be read: what is made then would be made twice. */
export function labOf(world: World): Planned<Lab> {
  const { labs } = world
  if (labs === undefined) return planned(noLab)
  if (isUnknown(labs)) {
    return refused(unreadable('lab', 'the lab of this host', labs.unknown, 'run as root'))
  }
  return planned(labs.find(({ host }) => host === world.host) ?? noLab)
}

export function withNetwork(lab: Lab, network: LabNetwork): Lab {
  return { ...lab, networks: inOrder([...lab.networks.filter(({ name }) => name !== network.name), network]) }
}

export function withoutNetwork(lab: Lab, name: string): Lab {
  return { ...lab, networks: lab.networks.filter((each) => each.name !== name) }
}

export function withNode(lab: Lab, node: LabNode): Lab {
  return { ...lab, nodes: inOrder([...lab.nodes.filter(({ name }) => name !== node.name), node]) }
}

export function withoutNode(lab: Lab, name: string): Lab {
  return { ...lab, nodes: lab.nodes.filter((each) => each.name !== name) }
}

/** As they are read again, by the names of their files (collect/lab): what is made from a lab must not depend on when each came. */
function inOrder<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  const file = ({ name }: T) => `${name}.json`
  return all.toSorted((a, b) => (file(a) < file(b) ? -1 : 1))
}
