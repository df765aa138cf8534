/**
 *  resolv.conf  /proc/812/root/etc, mount namespace 4026532177
 *    nameserver 127.0.0.11
 *    options ndots:0
 *  hosts line of nsswitch.conf: files dns
 *  hosts
 *    172.17.0.3 9d1c
 */
import { ipName } from '../../../derive/inside-command.ts'
import { isUnknown, type Known } from '../../../model/known.ts'
import type { Netns } from '../../../model/netns.ts'
import type { Dns } from '../../../model/process.ts'
import type { World } from '../../../model/world.ts'
import type { Line } from '../../frame.ts'
import { gap, lineOf, span } from '../text.ts'
import { heading, notRead, parted, said } from './lines.ts'

export function dnsOf(world: World, netns: Netns): readonly Dns[] {
  return world.dns.filter(({ netns: ids }) => ids.includes(netns.id))
}

export function dnsLines(world: World, netns: Netns, columns: number): readonly Line[] {
  const all = dnsOf(world, netns)
  if (all.length === 0)
    return said(
      `no process is in it whose /etc could be looked into, and /etc/netns has nothing for it${execText(netns)}`,
      columns,
    )
  // Containers that joined others have files of their own, mostly with the same in them.
  const groups = new Map<string, Dns[]>()
  for (const one of all) {
    const key = JSON.stringify([one.resolvConf, one.hosts, one.nsswitch])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return parted(
    [...groups.values()].slice(0, most).map((group) => entryLines(group, columns)),
    columns,
  )
}

/** ip-netns(8): only the files in /etc/netns/NAME are bound over those of /etc. */
function execText(netns: Netns): string {
  return ipName(netns) === null ? '' : ": what `ip netns exec` runs in it uses the host's /etc/resolv.conf"
}

/** Mount namespaces whose files differ. */
const most = 50

function entryLines(group: readonly Dns[], columns: number): readonly Line[] {
  const [first] = group
  if (first === undefined) return []
  const where = group.map(({ path }) => path)
  const more = where.length > 2 ? ` and ${where.length - 2} more` : ''
  return [
    heading('resolv.conf', columns, `${where.slice(0, 2).join(', ')}${more}`),
    ...fileLines(first.resolvConf, columns),
    lineOf(
      [
        gap(1),
        span('names are looked for in ', 'dim'),
        isUnknown(first.nsswitch)
          ? span(`? ${first.nsswitch.unknown}`, 'unreadable')
          : span(first.nsswitch === '' ? 'nothing' : first.nsswitch),
      ],
      columns,
    ),
    heading('hosts', columns),
    ...fileLines(first.hosts, columns),
  ]
}

/** Without comments and empty lines; a nameserver stands out. */
function fileLines(content: Known<string>, columns: number): readonly Line[] {
  if (isUnknown(content)) return notRead(content.unknown, columns)
  const lines = content.split('\n').filter((line) => line.trim() !== '' && !/^\s*[#;]/.test(line))
  if (lines.length === 0) return said('  nothing in it', columns)
  return lines
    .slice(0, 200)
    .map((line) =>
      lineOf(
        [gap(3), span(line.replaceAll('\t', ' '), /^\s*nameserver/.test(line) ? 'address' : 'text')],
        columns,
      ),
    )
}
