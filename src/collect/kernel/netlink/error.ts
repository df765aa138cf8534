/** What an answer says when it is not what was asked for: NLMSG_ERROR, NLMSG_DONE, and recv(2) itself. */
import { errnoName } from '../libc.ts'
import { attributes, text, walk, type Bytes } from './bytes.ts'

export type NetlinkError = {
  /** `EPERM`, `EOPNOTSUPP` …; `ETIMEDOUT` and `EBADMSG` are also given by socket.ts. */
  readonly errno: string
  /** What the kernel says about it (NETLINK_EXT_ACK). */
  readonly says: string | null
}

export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3
/** struct nlmsghdr. */
export const headerSize = 16
export const answerWithinSeconds = 5

const NLM_F_CAPPED = 0x100
const NLM_F_ACK_TLVS = 0x200
const NLMSGERR_ATTR_MSG = 1
const errorAttributes = attributes(NLMSGERR_ATTR_MSG)

export function receiveError(errno: string): NetlinkError {
  if (errno !== 'EAGAIN') return { errno, says: null }
  return { errno: 'ETIMEDOUT', says: `the kernel did not answer within ${answerWithinSeconds} s` }
}

/** NLMSG_DONE carries an error word too: unread, a refused dump would look like an empty table. */
export function errorIn(
  bytes: Bytes,
  type: number,
  flags: number,
  start: number,
  end: number,
): NetlinkError | null {
  if (end - start < 4) {
    if (type === NLMSG_ERROR) bytes.broken = true
    return null
  }
  const code = bytes.view.getInt32(start, true)
  if (code >= 0) return null
  return {
    errno: errnoName(-code),
    says: (flags & NLM_F_ACK_TLVS) === 0 ? null : extAck(bytes, type, flags, start, end),
  }
}

/** The text that the kernel adds to an error, behind the error word and (with NLMSG_ERROR) the request it echoes. */
function extAck(bytes: Bytes, type: number, flags: number, start: number, end: number): string | null {
  let at = start + 4
  if (type === NLMSG_ERROR) {
    if (at + headerSize > end) return null
    const echoed = (flags & NLM_F_CAPPED) === 0 ? bytes.view.getUint32(at, true) : headerSize
    if (echoed > end - at) return null
    at += (Math.max(echoed, headerSize) + 3) & ~3
  }
  if (at >= end) return null
  walk(bytes, at, end, errorAttributes)
  return text(bytes, errorAttributes, NLMSGERR_ATTR_MSG)
}
