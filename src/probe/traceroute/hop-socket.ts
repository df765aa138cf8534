/**
 * One packet that may go only so many hops, from a socket of its own: whatever comes back for it comes to that socket,
 * and so nothing has to be matched. UDP datagrams, or a TCP connection that is taken back at once.
 */
import { errnoName } from '../../collect/kernel/libc.ts'
import type { Outcome } from '../../lib/failure.ts'
import { succeeded } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'
import { SOCK_DGRAM, SOCK_STREAM } from '../socket/calls.ts'
import { receivedAt } from '../socket/control.ts'
import { icmpError, localError, type Reported } from '../socket/icmp-error.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import { dontFragment, leaveNothing, setIpOption, takeError, wantReports } from '../socket/socket-options.ts'
import type { Sockets } from '../socket/sockets.ts'

/** `reported`: null where it arrived and was answered. */
export type HopAnswer = {
  readonly from: string | null
  readonly at: number
  readonly reported: Reported | null
}

export type HopPacket = {
  readonly ttl: number
  readonly port: number
  /** Bytes behind the header; of TCP none. */
  readonly size: number
  readonly wholeOnly: boolean
}

export type HopSocket = { readonly sentAt: number; close(): void }

export function openHopSocket(
  sockets: Sockets,
  {
    place,
    to,
    method,
  }: { readonly place: Place; readonly to: SocketAddress; readonly method: 'udp' | 'tcp' },
  { ttl, port, size, wholeOnly }: HopPacket,
  told: (answer: HopAnswer) => void,
): Outcome<HopSocket> {
  const { calls, readiness } = sockets
  const isTcp = method === 'tcp'
  const { family } = to
  const opened = sockets.open(place, family, isTcp ? SOCK_STREAM : SOCK_DGRAM, 0)
  if (!opened.ok) return opened
  const fd = opened.value
  wantReports(calls, fd, family)
  setIpOption(calls, fd, family, 'ttl', ttl)
  if (wholeOnly) dontFragment(calls, fd, family, 'probe')
  if (isTcp) leaveNothing(calls, fd)
  let isOpen = true

  const refusedHere = (errno: string): void =>
    told({ from: null, at: calls.now(), reported: localError(errno) })
  const takeReport = (): boolean => {
    const report = isOpen ? calls.receiveError(fd) : null
    if (report === null) return false
    const reported = icmpError(report)
    told({ from: reported.error.from, at: report.at ?? calls.now(), reported })
    return true
  }
  const ready = (): void => {
    if (takeReport()) return
    if (!isOpen) return
    if (isTcp) {
      const error = takeError(calls, fd)
      // A reset also shows that it got there.
      if (error === 0 || errnoName(error) === 'ECONNREFUSED') {
        told({ from: to.address, at: calls.now(), reported: null })
      } else refusedHere(errnoName(error))
      return
    }
    const received = calls.receive(fd)
    if (received === null) return
    told({ from: to.address, at: receivedAt(received.control) ?? calls.now(), reported: null })
  }

  const sentAt = calls.now()
  const connected = calls.connect(fd, { ...to, port })
  const errno = connected < 0 ? calls.errno() : ''
  const isSent = (): boolean => {
    if (isTcp) return errno === '' || errno === 'EINPROGRESS'
    return errno === '' && calls.send(fd, Buffer.alloc(size)) >= 0
  }
  const watch = readiness.watch(fd, { readable: true, writable: isTcp }, ready)
  if (!isSent()) {
    const why = errno === '' ? calls.errno() : errno
    if (!takeReport()) refusedHere(why)
  }
  return succeeded({
    sentAt,
    close: () => {
      if (!isOpen) return
      isOpen = false
      watch.close()
      calls.close(fd)
    },
  })
}
