/** Counters of loss that grew: links, queues, IP, TCP, UDP, ICMP, conntrack, neighbours, and the host's receive path. */
import { quoted } from '../../lib/quoted.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import { dropsOf, type Drop } from '../drops.ts'
import { insideCommand } from '../inside-command.ts'
import { displayNames, netnsRef } from '../netns-name.ts'
import type { Grown } from './growth.ts'

export function grownDrops(before: World, after: World, id: NetnsId): readonly Grown[] {
  const netns = after.netns.find((each) => each.id === id)
  if (netns === undefined) return []
  const ref = netnsRef(displayNames(after.netns), id)
  return dropsOf(after, id, before).drops.flatMap((drop): readonly Grown[] => {
    const by = drop.growth ?? 0
    // The receive path is the machine's: it is told once.
    if (by === 0 || (drop.group === 'softnet' && id !== after.host)) return []
    return [
      {
        netns: ref,
        what: drop.group === 'conntrack' ? 'conntrack' : 'drops',
        name: nameOf(drop),
        by,
        says: drop.says,
        command: insideCommand(after, netns, commandOf(drop)),
        means: isSymptom(drop) ? 'symptom' : 'stops',
      },
    ]
  })
}

/** What the sender counts when its packets were lost, or told to be, somewhere else. */
const symptoms: ReadonlySet<string> = new Set([
  'Tcp.AttemptFails',
  'Tcp.RetransSegs',
  'TcpExt.TCPTimeouts',
  'TcpExt.TCPSynRetrans',
  'TcpExt.TCPAbortOnTimeout',
  'Icmp.InDestUnreachs',
  'Icmp.InTimeExcds',
  'Icmp6.InDestUnreachs',
  'Icmp6.InPktTooBigs',
  'time_squeeze',
  // Of the receive path: the whole machine's, and mostly of other traffic.
  'dropped',
])

const isSymptom = ({ counter }: Drop): boolean => symptoms.has(counter)

/** `eth0 rx dropped`, `eth0 fq_codel 8001:`, `Ip.InNoRoutes`, `conntrack insert_failed`. */
function nameOf({ group, subject, counter }: Drop): string {
  switch (group) {
    case 'link':
      return `${subject ?? ''} ${inWords(counter)}`
    case 'qdisc':
      return `${subject ?? ''} ${counter}`
    case 'protocol':
      return counter
    case 'conntrack':
    case 'neighbour':
    case 'softnet':
      return `${group} ${counter}`
    default:
      return group satisfies never
  }
}

/** rxDropped → rx dropped. */
function inWords(counter: string): string {
  return counter.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function commandOf({ group, subject, counter }: Drop): string {
  const link = quoted(subject ?? '')
  switch (group) {
    case 'link':
      return `ip -s -s link show dev ${link}`
    case 'qdisc':
      return `tc -s qdisc show dev ${link}`
    case 'protocol':
      // Absolute values, also 0, without the history that nstat would write.
      return `nstat -asz ${counter.replace('.', '')}`
    case 'conntrack':
      return 'conntrack -S'
    case 'neighbour':
      return counter === 'INCOMPLETE' ? 'ip neigh show nud incomplete' : 'ip neigh show nud failed'
    case 'softnet':
      return 'cat /proc/net/softnet_stat'
    default:
      return group satisfies never
  }
}
