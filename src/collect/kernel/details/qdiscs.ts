/** Queueing disciplines of all links (RTM_GETQDISC). One dump; it loads no module. */
import { unknown, type Known } from '../../../model/known.ts'
import type { Qdisc } from '../../../model/traffic-control.ts'
import { attributes, payload, text, walk, walkNested, type Bytes } from '../netlink/bytes.ts'
import { describeNetlinkError, type Netlink } from '../netlink/socket.ts'
import { qdiscOptions, spanOf } from './qdisc-options.ts'
import { handleText } from './tc-words.ts'

const RTM_GETQDISC = 38
/** struct tcmsg {family, ifindex, handle, parent, info} (linux/rtnetlink.h). */
export const tcmsgSize = 20
const TCA_KIND = 1
const TCA_OPTIONS = 2
const TCA_STATS2 = 7
const TCA_STATS_QUEUE = 3

/** A qdisc as the model has it, and its numbers, with which its filters are asked for. */
export type FoundQdisc = { readonly qdisc: Qdisc; readonly handle: number }

export function readQdiscs(socket: Netlink): Known<readonly FoundQdisc[]> {
  const answer = socket.dump(RTM_GETQDISC, Buffer.alloc(tcmsgSize), parseQdisc)
  return answer.ok ? answer.values : unknown(`qdiscs: ${describeNetlinkError(answer.error)}`)
}

const found = attributes(15)
const stats = attributes(5)

export function parseQdisc(bytes: Bytes, start: number, end: number): FoundQdisc | null {
  if (end - start < tcmsgSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  walk(bytes, start + tcmsgSize, end, found)
  const kind = text(bytes, found, TCA_KIND) ?? ''
  const handle = view.getUint32(start + 8, true)
  walkNested(bytes, found, TCA_STATS2, stats)
  // struct gnet_stats_queue {qlen, backlog, drops, requeues, overlimits} (linux/gen_stats.h)
  const queue = payload(bytes, stats, TCA_STATS_QUEUE, 20)
  const [optionsStart, optionsEnd] = spanOf(found, TCA_OPTIONS)
  return {
    handle,
    qdisc: {
      ifindex: view.getInt32(start + 4, true),
      kind,
      handle: handle === 0 ? '0:' : handleText(handle),
      parent: handleText(view.getUint32(start + 12, true)),
      options: qdiscOptions(kind, bytes, optionsStart, optionsEnd),
      drops: queue === 0 ? null : view.getUint32(queue + 8, true),
      backlog: queue === 0 ? null : view.getUint32(queue + 4, true),
    },
  }
}
