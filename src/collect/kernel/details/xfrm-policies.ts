/** IPsec policies (XFRM_MSG_GETPOLICY). Never the states: they hold keys. */
import { formatIp } from '../../../lib/ip.ts'
import { unknown, type Known } from '../../../model/known.ts'
import type { XfrmPolicy } from '../../../model/traffic-control.ts'
import type { Libc } from '../libc.ts'
import type { Bytes } from '../netlink/bytes.ts'
import { describeNetlinkError, openNetlink } from '../netlink/socket.ts'
import { NETLINK_XFRM } from './netlink-protocols.ts'
import type { ReadProc } from './read-proc.ts'

const XFRM_MSG_GETPOLICY = 21
/** struct xfrm_userpolicy_id, and xfrm_userpolicy_info (linux/xfrm.h, 64-bit). */
const requestSize = 64
const messageSize = 168
const AF_INET6 = 10

/** Where neither xfrm_user nor PF_KEY is there, nobody can have set a policy; asking would load the first. `protocols`: netlink-protocols.ts. */
export function readXfrmPolicies(
  libc: Libc,
  read: ReadProc,
  protocols: ReadonlySet<number> | null,
): Known<readonly XfrmPolicy[]> {
  if (protocols === null) return unknown('/proc/net/netlink cannot be read')
  if (!protocols.has(NETLINK_XFRM)) {
    return typeof read('thread-self/net/pfkey') === 'string' ? unknown('xfrm_user is not loaded') : []
  }
  const opened = openNetlink(libc, NETLINK_XFRM)
  if (!opened.ok) return unknown(opened.failure.unknown)
  try {
    const answer = opened.value.dump(XFRM_MSG_GETPOLICY, Buffer.alloc(requestSize), parseXfrmPolicy)
    return answer.ok ? answer.values : unknown(`xfrm policies: ${describeNetlinkError(answer.error)}`)
  } finally {
    opened.value.close()
  }
}

const directions = ['in', 'out', 'fwd']

/**
 * The selector begins with destination and source (16 bytes each), its family is at 40, the prefix lengths at 42
 * and 43; priority at 152, index at 156, direction at 160, action at 161.
 */
export function parseXfrmPolicy(bytes: Bytes, start: number, end: number): XfrmPolicy | null {
  if (end - start < messageSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  const family = view.getUint16(start + 40, true)
  const direction = view.getUint8(start + 160)
  // Directions from 3 on belong to single sockets (`dir 3 … socket` in ip xfrm policy).
  return {
    src: prefixAt(bytes, start + 16, view.getUint8(start + 43), family),
    dst: prefixAt(bytes, start, view.getUint8(start + 42), family),
    direction: directions[direction] ?? `socket ${directions[direction % 3] ?? direction}`,
    action: view.getUint8(start + 161) === 0 ? 'allow' : 'block',
    priority: view.getUint32(start + 152, true),
    index: view.getUint32(start + 156, true),
  }
}

function prefixAt({ view }: Bytes, at: number, length: number, family: number): string {
  if (family === AF_INET6) {
    const value = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
    return `${formatIp({ family: 'inet6', value })}/${length}`
  }
  return `${formatIp({ family: 'inet', value: BigInt(view.getUint32(at)) })}/${length}`
}
