/**
 * A raw socket inside a namespace that sends echo requests and tells what comes back for them: answers, and errors of
 * whoever did not pass them on. It sees all ICMP of its namespace and keeps to its own.
 *
 * Raw and not a "ping socket": those are refused in a new namespace (its net.ipv4.ping_group_range is empty, icmp(7)).
 */
import { randomBytes, randomInt } from 'node:crypto'
import { errnoName } from '../../collect/kernel/libc.ts'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'
import { SOCK_RAW } from '../socket/calls.ts'
import { hopLimit, receivedAt, type ErrorReport } from '../socket/control.ts'
import { icmpError, localError, type Reported } from '../socket/icmp-error.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import { bindToLink, dontFragment, onlyType, setIpOption, wantReports } from '../socket/socket-options.ts'
import type { Sockets } from '../socket/sockets.ts'
import { noSuchLink } from '../socket/target-address.ts'
import { echoHeader, echoRequest, echoTypes, parseEchoReply, parseQuotedEcho, type Echo } from './echo.ts'

export type EchoOptions = {
  readonly ttl: number | null
  readonly link: string | null
  /** Never in fragments; `probe`: also where a smaller MTU of the way is known already. null: as the kernel likes. */
  readonly dontFragment: 'do' | 'probe' | null
}

export type EchoAnswer = {
  readonly seq: number
  readonly from: SocketAddress
  /** Of the ICMP message. */
  readonly bytes: number
  readonly ttl: number | null
  /** Milliseconds since the epoch. */
  readonly at: number
}

export type EchoEvents = {
  readonly answered: (answer: EchoAnswer) => void
  /** `at`: milliseconds since the epoch. */
  readonly refused: (seq: number, reported: Reported, at: number) => void
}

export type EchoSocket = {
  /** When it was sent; or why this kernel did not send it. `size`: bytes of payload. */
  send(
    to: SocketAddress,
    seq: number,
    size: number,
  ): { readonly sent: true; readonly at: number } | { readonly sent: false; readonly why: Reported }
  close(): void
}

const protocols = { 4: 1, 6: 58 } as const
/** At the front of each payload that has room for it: tells our answers from those for another process with our id. */
const markSize = 8
/** At most so many are taken before others get a turn. */
const mostTaken = 256

let lastId = randomInt(0x10000)

export function openEchoSocket(
  sockets: Sockets,
  place: Place,
  family: 4 | 6,
  options: EchoOptions,
  { answered, refused }: EchoEvents,
): Outcome<EchoSocket> {
  const { calls, readiness } = sockets
  const opened = sockets.open(place, family, SOCK_RAW, protocols[family])
  if (!opened.ok) return opened
  const fd = opened.value
  wantReports(calls, fd, family)
  onlyType(calls, fd, family, echoTypes[family].reply)
  if (options.dontFragment !== null) dontFragment(calls, fd, family, options.dontFragment)
  if (options.ttl !== null) {
    setIpOption(calls, fd, family, 'ttl', options.ttl)
    setIpOption(calls, fd, family, 'multicastTtl', options.ttl)
  }
  if (options.link !== null && bindToLink(calls, fd, options.link) < 0) {
    calls.close(fd)
    return failed(noSuchLink(options.link, place))
  }
  const id = (lastId = (lastId + 1) & 0xffff)
  const mark = randomBytes(markSize)
  let isOpen = true

  const isOurs = ({ id: its, data }: Echo): boolean =>
    its === id && (data.length < markSize || data.subarray(0, markSize).equals(mark))

  /** Tells of one report; null: there is no more. Whoever is told may close this. */
  const takeReport = (): ErrorReport | null => {
    const report = isOpen ? calls.receiveError(fd) : null
    if (report === null) return null
    const quoted = parseQuotedEcho(family, report.sent)
    if (quoted !== null && isOurs(quoted)) refused(quoted.seq, icmpError(report), report.at ?? calls.now())
    return report
  }

  const takeAnswer = (): boolean => {
    if (!isOpen) return false
    const received = calls.receive(fd)
    // An error that was pending is told by the error queue, and something may wait behind it.
    if (received === null) return calls.errno() !== 'EAGAIN'
    const { bytes, from, control } = received
    const reply = parseEchoReply(family, bytes)
    if (reply === null || from === null || !isOurs(reply)) return true
    answered({
      seq: reply.seq,
      from,
      bytes: echoHeader + reply.data.length,
      ttl: reply.ttl ?? hopLimit(control),
      at: receivedAt(control) ?? calls.now(),
    })
    return true
  }

  const take = (): void => {
    for (let taken = 0; taken < mostTaken; taken += 1) {
      if (takeReport() === null && !takeAnswer()) return
    }
  }
  const watch = readiness.watch(fd, { readable: true }, take)

  /** All that wait; those that are there before a send would come back as its errno. */
  const takeReports = (): readonly ErrorReport[] => {
    const taken: ErrorReport[] = []
    for (let report = takeReport(); report !== null; report = takeReport()) taken.push(report)
    return taken
  }

  return succeeded({
    send: (to, seq, size) => {
      const data = Buffer.alloc(size)
      for (let at = 0; at < size; at += 1) data[at] = at & 0xff
      mark.copy(data, 0, 0, size < markSize ? 0 : markSize)
      const message = echoRequest(family, { id, seq, data })
      for (let attempt = 0; ; attempt += 1) {
        takeReports()
        const at = calls.now()
        if (calls.sendTo(fd, message, { ...to, port: 0 }) >= 0) return { sent: true, at }
        const errno = calls.errno()
        const reports = takeReports()
        const own = reports.find(({ origin }) => origin === 'local')
        if (own !== undefined) return { sent: false, why: icmpError(own) }
        // An error about an earlier one that came just now is told instead of sending (sock_error, net/sock.h).
        const isAboutEarlier = reports.some((report) => errnoName(report.errno) === errno)
        if (!isAboutEarlier || attempt > 0) return { sent: false, why: localError(errno) }
      }
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      watch.close()
      calls.close(fd)
    },
  })
}
