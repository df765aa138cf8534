/** What `ip link … netns` takes for a namespace: a name of /run/netns, else a file that leads there. */
import type { Netns } from '../../model/netns.ts'
import type { Command } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Spot } from '../at.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'

export type IntoNetns = { readonly text: string; readonly enters: NonNullable<Command['enters']> }

const namedFolder = '/run/netns/'

export function intoNetns(world: World, netns: Netns, spot: Spot): Planned<IntoNetns> {
  if (spot.at.startsWith(namedFolder)) return planned({ text: spot.at.slice(namedFolder.length), enters: [] })
  const [entered] = spot.inside([]).enters ?? []
  if (entered !== undefined) return planned({ text: entered.path, enters: [entered] })
  // Commands run in the host's namespace have no file of it; the oldest process there has been there for long.
  const pid = netns.holders.processes.toSorted((one, other) => one - other)[0]
  if (pid === undefined) {
    const what = "cannot put a link into the host's namespace: no process of it is known"
    return refused(refusal(spot.at, what, 'run as root'))
  }
  const path = `/proc/${pid}/ns/net`
  return planned({ text: path, enters: [{ path, id: String(world.host) }] })
}
