/** Whether a network can take one more node. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Lab, LabNetwork } from '../../model/lab.ts'
import { linkNamed, type Spot } from '../at.ts'
import { refusal } from '../planner.ts'

/** BR_MAX_PORTS is 1024 (net/bridge/br_private.h), and port number 0 stands for none. */
export const mostPorts = 1023

export function noNetwork(name: string, lab: Lab): Failure {
  const names = lab.networks.map((each) => each.name).join(', ')
  const shown = sanitise(name)
  return {
    kind: 'not-found',
    what: `there is no lab network "${shown}"`,
    subject: shown,
    hint: names === '' ? `vethscope net create ${shown} makes one` : `there are ${names}`,
  }
}

/** `lab`: with the members that the same plan adds. */
export function whyNotMember(network: LabNetwork, lab: Lab, host: Spot): readonly Failure[] {
  const { name, driver, bridge, parent, mode } = network
  const below = bridge ?? parent ?? ''
  const link = linkNamed(host, below)
  if (link === null) {
    return [refusal(name, `network ${name} is broken: there is no link ${below} on the host any more`)]
  }
  if (bridge !== null) {
    const ports = listOf(host.netns?.links ?? []).filter(({ master }) => master === link.ifindex).length
    return ports < mostPorts
      ? []
      : [refusal(name, `bridge ${below} has ${ports} ports: the kernel allows no more than ${mostPorts}`)]
  }
  const members = lab.nodes.filter(({ endpoints }) => endpoints.some((each) => each.network === name))
  const [first] = members
  if (driver === 'macvlan' && mode === 'passthru' && first !== undefined) {
    return [
      refusal(
        name,
        `network ${name} is macvlan in mode passthru: ${parent ?? ''} is node ${first.name}'s alone`,
      ),
    ]
  }
  // The kernel refuses to set a macvlan up while the link below it is down (macvlan_open: -ENETDOWN).
  return link.flags.includes('UP')
    ? []
    : [
        refusal(
          name,
          `link ${below}, the parent of network ${name}, is down`,
          `set it up: ip link set ${below} up`,
        ),
      ]
}
