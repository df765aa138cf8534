/** One raw socket of a member that sends an echo request to each of some others. */
import { randomInt } from 'node:crypto'
import { echoRequest, parseEchoReply, parseQuotedEcho } from '../ping/echo.ts'
import type { SocketCalls } from '../socket/calls.ts'
import { icmpError, localError, type Reported } from '../socket/icmp-error.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import { setIpOption } from '../socket/socket-options.ts'
import type { Told } from './board.ts'

export const echoProtocols = { 4: 1, 6: 58 } as const

/** linux/icmp.h: a set bit keeps that type out of the socket. Only answers come in; errors have their own queue. */
const SOL_RAW = 255
const ICMP_FILTER = 1
const onlyReplies = Buffer.from([0xfe, 0xff, 0xff, 0xff])
/** linux/icmpv6.h: 256 bits; 129 is the echo reply. */
const SOL_ICMPV6 = 58
const ICMPV6_FILTER = 1
const onlyReplies6 = Buffer.alloc(32, 0xff)
onlyReplies6.writeUInt32LE(~(1 << (129 % 32)) >>> 0, Math.floor(129 / 32) * 4)

export type Echoes = {
  readonly fd: number
  /** What was asked and not answered, by sequence number. */
  readonly waiting: Map<number, Asked>
  readonly family: 4 | 6
  readonly id: number
}

type Asked = {
  readonly cell: Told
  readonly to: SocketAddress
  readonly began: number
  readonly isSecond: boolean
}

type EchoTold = (cell: Told, ms: number, refused: Reported | null) => void

export function echoesOn(calls: SocketCalls, fd: number, family: 4 | 6): Echoes {
  setIpOption(calls, fd, family, 'receiveErrors', 1)
  if (family === 4) calls.setBytes(fd, SOL_RAW, ICMP_FILTER, onlyReplies)
  else calls.setBytes(fd, SOL_ICMPV6, ICMPV6_FILTER, onlyReplies6)
  return { fd, family, id: randomInt(0x10000), waiting: new Map() }
}

/** `to` has port 0: raw(7) wants none. */
export function sendEcho(
  calls: SocketCalls,
  echoes: Echoes,
  to: SocketAddress,
  cell: Told,
  told: EchoTold,
): void {
  const { fd, family, id, waiting } = echoes
  const seq = waiting.size + 1
  const message = echoRequest(family, { id, seq, data: Buffer.alloc(8) })
  const began = performance.now()
  waiting.set(seq, { cell, to, began, isSecond: false })
  // The errno of the first may be that of an ICMP about an earlier one.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (calls.sendTo(fd, message, to) >= 0) return
    const errno = calls.errno()
    // The table of neighbours is full for the moment: it may not be when it is sent again.
    if (errno === 'ENOBUFS') return
    hearEchoes(calls, echoes, told)
    if (attempt === 0 || !waiting.delete(seq)) continue
    told(cell, performance.now() - began, localError(errno))
  }
}

/** Once: one may be lost on a busy host. */
export function sendEchoAgain(calls: SocketCalls, { fd, family, id, waiting }: Echoes, seq: number): void {
  const asked = waiting.get(seq)
  if (asked === undefined || asked.isSecond) return
  waiting.set(seq, { ...asked, isSecond: true })
  calls.sendTo(fd, echoRequest(family, { id, seq, data: Buffer.alloc(8) }), asked.to)
}

export function hearEchoes(calls: SocketCalls, { fd, family, id, waiting }: Echoes, told: EchoTold): void {
  for (;;) {
    const received = calls.receive(fd)
    if (received === null) {
      if (calls.errno() === 'EAGAIN') break
      continue
    }
    const reply = parseEchoReply(family, received.bytes)
    const asked = reply?.id === id ? waiting.get(reply.seq) : undefined
    if (reply === null || asked === undefined || received.from?.address !== asked.to.address) continue
    waiting.delete(reply.seq)
    told(asked.cell, performance.now() - asked.began, null)
  }
  for (let report = calls.receiveError(fd); report !== null; report = calls.receiveError(fd)) {
    const quoted = parseQuotedEcho(family, report.sent)
    const asked = quoted?.id === id ? waiting.get(quoted.seq) : undefined
    const reported = icmpError(report)
    if (quoted === null || asked === undefined || reported.what === 'too-big' || reported.what === 'other')
      continue
    waiting.delete(quoted.seq)
    told(asked.cell, performance.now() - asked.began, reported)
  }
}
