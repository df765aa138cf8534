/** Link counters without anything else (RTM_GETSTATS, linux/if_link.h; 4.7 and later): 10 µs a namespace. */
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { CounterRow } from '../reader.ts'
import { header } from './netlink/build.ts'
import { attributes, payload, u64At, walk } from './netlink/bytes.ts'
import { parseLink } from './netlink/parse-link.ts'
import type { Answer, Netlink, Parse } from './netlink/socket.ts'
import { linkRequest, RTM_GETLINK } from './read-tables.ts'

const RTM_GETSTATS = 94
const IFLA_STATS_LINK_64 = 1
/** struct if_stats_msg: family, padding, ifindex at 4, filter_mask at 8. */
const ifStatsMsgSize = 12
const request = header(ifStatsMsgSize, { 8: 1 << (IFLA_STATS_LINK_64 - 1) })
const found = attributes(IFLA_STATS_LINK_64)

/** Kernels without RTM_GETSTATS answer through a dump of the links. */
export function readCounters(netlink: Netlink): Answer<CounterRow> {
  const answer = netlink.dump(RTM_GETSTATS, request, parseStats)
  if (answer.ok || answer.error.errno !== 'EOPNOTSUPP') return answer
  return netlink.dump(RTM_GETLINK, linkRequest, (bytes, start, end) => {
    const link = parseLink(bytes, start, end)
    return link === null ? null : countersOf(link)
  })
}

export function countersOf({ ifindex, stats }: Link): CounterRow | null {
  if (isUnknown(stats)) return null
  const { rxBytes, rxPackets, rxDropped, rxErrors, txBytes, txPackets, txDropped, txErrors } = stats
  return [ifindex, rxBytes, rxPackets, rxDropped, rxErrors, txBytes, txPackets, txDropped, txErrors]
}

/** struct rtnl_link_stats64: rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped. */
const parseStats: Parse<CounterRow> = (bytes, start, end) => {
  walk(bytes, start + ifStatsMsgSize, end, found)
  const at = payload(bytes, found, IFLA_STATS_LINK_64, 8 * 8)
  if (at === 0) return null
  return [
    bytes.view.getInt32(start + 4, true),
    u64At(bytes, at + 16),
    u64At(bytes, at),
    u64At(bytes, at + 48),
    u64At(bytes, at + 32),
    u64At(bytes, at + 24),
    u64At(bytes, at + 8),
    u64At(bytes, at + 56),
    u64At(bytes, at + 40),
  ]
}
