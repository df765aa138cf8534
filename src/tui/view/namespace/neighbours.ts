/**
 *  ADDRESS     MAC                STATE      LINK  WHOSE
 *  172.17.0.9  -                  FAILED     eth0
 *  172.17.0.1  02:42:4c:9b:6a:01  REACHABLE  eth0  host
 */
import { addressOwners } from '../../../derive/address-owners.ts'
import { neighbourStates } from '../../../derive/drop-counters.ts'
import { linkAt } from '../../../derive/netns-index.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Neighbour } from '../../../model/neighbour.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Line, Role } from '../../frame.ts'
import { nameOf } from '../../select/shown.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { andMore, listed, mostRows, parted, said } from './lines.ts'

/** What is wrong first; addresses that need no asking last. */
const ranks: Readonly<Record<string, number>> = { FAILED: 0, INCOMPLETE: 1, PERMANENT: 3, NOARP: 4 }
const rank = ({ state }: Neighbour): number => ranks[state] ?? 2

/** The kernel keeps an entry for each group that something was sent to; its MAC follows from the address. */
function isGroup({ state, dst }: Neighbour): boolean {
  return (
    state === 'NOARP' &&
    (/^(?:22[4-9]|23\d)\./.test(dst) || dst.startsWith('ff') || dst === '255.255.255.255')
  )
}

/** Those that are asked for, or set by hand. */
export function neighbourCount({ neighbours }: Netns): number | null {
  return isUnknown(neighbours) ? null : neighbours.filter((each) => !isGroup(each)).length
}

export function neighbourLines(world: World, netns: Netns, columns: number): readonly Line[] {
  return listed(netns.neighbours, columns, (known) => {
    const all = known.filter((each) => !isGroup(each))
    const groups = known.length - all.length
    const rest =
      groups === 0 ? [] : said(`${groups} multicast addresses, which nobody has to be asked for`, columns)
    if (all.length === 0) return [...said('no neighbour was asked for yet', columns), ...rest]
    const owners = addressOwners(world)
    const rows = all
      .toSorted((a, b) => rank(a) - rank(b) || a.ifindex - b.ifindex)
      .slice(0, mostRows)
      .map((each) => {
        const { dst, lladdr, state, ifindex, flags, used } = each
        const owner = owners.ownerOf(dst)
        return [
          span(dst, rank(each) === 4 ? 'dim' : 'address'),
          span(lladdr ?? '-', lladdr === null ? 'dim' : 'text'),
          span(state, roleOf(state)),
          span(linkAt(netns, ifindex)?.name ?? `if${ifindex}`, 'link'),
          span(owner === null ? '' : nameOf(world, owner), 'netns'),
          span(flags.join(' '), 'dim'),
          span(used === null || rank(each) >= 3 ? '' : `${used} s ago`, 'dim'),
        ]
      })
    const means = Object.entries(neighbourStates)
      .filter(([state]) => all.some((each) => each.state === state))
      .flatMap(([state, says]) => said(`${state}: ${says}`, columns, 'link.down'))
    return parted(
      [
        means,
        [
          ...grid(
            [
              { title: 'ADDRESS', least: 12 },
              { title: 'MAC', least: 17 },
              { title: 'STATE', least: 6 },
              { title: 'LINK', least: 6 },
              { title: 'WHOSE', least: 6 },
              { title: 'FLAGS', least: 5 },
              { title: 'USED', least: 4 },
            ],
            rows,
            columns,
          ),
          ...andMore(all.length, 'neighbours', columns),
        ],
        rest,
      ],
      columns,
    )
  })
}

function roleOf(state: string): Role {
  if (state === 'FAILED' || state === 'INCOMPLETE') return 'link.down'
  return state === 'REACHABLE' ? 'link.up' : 'dim'
}
