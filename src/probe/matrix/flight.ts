/** Everything that was sent and has not come to anything yet, looked at all at once instead of one watch a socket. */
import { setTimeout as pause } from 'node:timers/promises'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { MatrixMember, MatrixRequest } from '../../model/probe.ts'
import type { MatrixVerdict } from '../../model/probe-result.ts'
import { POLLERR, POLLIN, POLLOUT, SOCK_RAW, SOCK_STREAM } from '../socket/calls.ts'
import type { Reported } from '../socket/icmp-error.ts'
import type { Sockets } from '../socket/sockets.ts'
import { beginConnecting, lookAtConnecting, PROTOCOL_TCP } from '../tcp/connecting.ts'
import { zoned } from '../tcp/zoned.ts'
import type { Board, Told } from './board.ts'
import { echoesOn, echoProtocols, hearEchoes, sendEcho, sendEchoAgain, type Echoes } from './echoes.ts'

type Connecting = {
  readonly fd: number
  readonly cell: Told
  readonly end: End
  readonly began: number
  /** When it is given up. */
  readonly until: number
  readonly isSecond: boolean
}

type End = ReturnType<typeof zoned> & { readonly at: number }

/** From one member to some others, one of what is tried. */
type Leg = {
  readonly from: number
  readonly to: readonly number[]
  readonly item: number
  /** false: what comes of it is not written down. */
  readonly isCounted: boolean
}

export type Flight = {
  /** The failure: no more sockets can be opened. */
  readonly begin: (leg: Leg) => Outcome<void>
  readonly open: () => number
  readonly mostOpen: () => number
  /** Looks at all that is under way; what took too long ends. */
  readonly look: () => void
  /** Looks until it is so, or time is up. */
  readonly until: (isSo: () => boolean, ms: number) => Promise<void>
  readonly close: () => void
}

type Write = (cell: Told, verdict: MatrixVerdict, ms: number | null) => void

/** Between two looks: while answers are about to come, and while only silence is waited for. */
const soonMs = 1
const idleMs = 5

export function takeOff(
  sockets: Sockets,
  { members, timeoutMs }: MatrixRequest,
  tried: readonly (number | 'ping')[],
  board: Board,
  isHopeless: (address: string) => boolean,
  signal: AbortSignal,
): Flight {
  const { calls } = sockets
  const connecting = new Map<number, Connecting>()
  const echoing = new Set<Echoes>()
  /** The members' addresses, once for each of what is tried. */
  const ends: Record<number, readonly End[]> = {}
  const endsOf = (item: number, port: number): readonly End[] =>
    (ends[item] ??= members.map(({ target }, at) => ({ at, ...zoned(target, port) })))
  let open = 0
  let mostOpen = 0

  const opened = (count: number): void => {
    open += count
    mostOpen = Math.max(mostOpen, open)
  }
  const write: Write = (cell, verdict, ms) => {
    if (cell.isCounted) board.set(cell, verdict, ms)
  }
  const close = (fd: number): void => {
    calls.close(fd)
    open -= 1
  }
  const told = (cell: Told, ms: number, refused: Reported | null): void =>
    write(cell, refused === null ? 'answered' : verdictOf(refused), ms)

  const connect = ({ from, to, item, isCounted }: Leg, port: number): Outcome<void> => {
    const member = members[from]
    if (member === undefined) return succeeded(undefined)
    const ends = to.flatMap((at) => endsOf(item, port)[at] ?? [])
    const made = sockets.inside(member.place, () =>
      ends.map(({ to: { family } }) => {
        const fd = calls.socket(family, SOCK_STREAM, PROTOCOL_TCP)
        return fd < 0 ? { fd, errno: calls.errno() } : { fd, errno: '' }
      }),
    )
    if (!made.ok) return cannotEnter(write, { from, to, item, isCounted })
    opened(made.value.filter(({ fd }) => fd >= 0).length)
    const refused = made.value.find(({ fd }) => fd < 0)
    if (refused !== undefined) {
      for (const { fd } of made.value) if (fd >= 0) close(fd)
      return noMoreSockets(member, refused.errno, open)
    }
    for (const [n, { fd }] of made.value.entries()) {
      const end = ends[n]
      if (end === undefined) continue
      const cell = { from, to: end.at, item, isCounted }
      const began = performance.now()
      attempt({ fd, cell, end, began, until: began + timeoutMs, isSecond: isHopeless(end.to.address) })
    }
    return succeeded(undefined)
  }
  const attempt = (one: Connecting): void => {
    const { fd, cell, end, began } = one
    const met =
      beginConnecting(calls, fd, end.to, { link: end.link, resets: true }) ?? lookAtConnecting(calls, fd)
    if (met === null) {
      connecting.set(fd, one)
      return
    }
    write(cell, met.verdict, performance.now() - began)
    close(fd)
  }
  /** The kernel repeats a lost SYN after a second, when we have given up: so another socket sends a second one before. */
  const attemptAgain = (one: Connecting): void => {
    const place = members[one.cell.from]?.place
    if (place === undefined) return
    connecting.delete(one.fd)
    close(one.fd)
    const made = sockets.open(place, one.end.to.family, SOCK_STREAM, PROTOCOL_TCP)
    if (!made.ok) {
      write(one.cell, 'timeout', null)
      return
    }
    opened(1)
    attempt({ ...one, fd: made.value, began: performance.now(), isSecond: true })
  }

  const ping = ({ from, to, item, isCounted }: Leg): Outcome<void> => {
    const member = members[from]
    if (member === undefined) return succeeded(undefined)
    for (const family of [4, 6] as const) {
      const ends = to.flatMap((at) => endsOf(item, 0)[at] ?? []).filter((end) => end.to.family === family)
      if (ends.length === 0) continue
      const made = sockets.inside(member.place, () => {
        const fd = calls.socket(family, SOCK_RAW, echoProtocols[family])
        return fd < 0 ? { fd, errno: calls.errno() } : { fd, errno: '' }
      })
      if (!made.ok) return cannotEnter(write, { from, to, item, isCounted })
      if (made.value.fd < 0) return noMoreSockets(member, made.value.errno, open)
      opened(1)
      const echoes = echoesOn(calls, made.value.fd, family)
      for (const end of ends) {
        sendEcho(calls, echoes, end.to, { from, to: end.at, item, isCounted }, told)
        hearEchoes(calls, echoes, told)
      }
      if (echoes.waiting.size === 0) close(echoes.fd)
      else echoing.add(echoes)
    }
    return succeeded(undefined)
  }

  const lookAtConnections = (now: number): void => {
    if (connecting.size === 0) return
    const all = [...connecting.values()]
    const revents = calls.poll(
      all.map(({ fd }) => fd),
      POLLOUT,
    )
    for (const [at, one] of all.entries()) {
      const { fd, cell, began, until, isSecond } = one
      const events = revents[at] ?? 0
      const met = events === 0 ? null : lookAtConnecting(calls, fd, events)
      if (met === null && now < until) {
        if (!isSecond && now >= until - timeoutMs / 2) attemptAgain(one)
        continue
      }
      write(cell, met?.verdict ?? 'timeout', met === null ? null : now - began)
      connecting.delete(fd)
      close(fd)
    }
  }
  const lookAtEchoes = (now: number): void => {
    if (echoing.size === 0) return
    const all = [...echoing]
    const revents = calls.poll(
      all.map(({ fd }) => fd),
      POLLIN,
    )
    for (const [at, echoes] of all.entries()) {
      if (((revents[at] ?? 0) & (POLLIN | POLLERR)) !== 0) hearEchoes(calls, echoes, told)
      for (const [seq, asked] of echoes.waiting) {
        const spent = now - asked.began
        if (spent >= timeoutMs / 2 && !isHopeless(asked.to.address)) sendEchoAgain(calls, echoes, seq)
        if (spent < timeoutMs) continue
        write(asked.cell, 'lost', null)
        echoes.waiting.delete(seq)
      }
      if (echoes.waiting.size > 0) continue
      echoing.delete(echoes)
      close(echoes.fd)
    }
  }
  const look = (): void => {
    const now = performance.now()
    lookAtConnections(now)
    lookAtEchoes(now)
  }

  return {
    begin: (leg) => {
      const what = tried[leg.item]
      if (what === undefined) return succeeded(undefined)
      return what === 'ping' ? ping(leg) : connect(leg, what)
    },
    open: () => open,
    mostOpen: () => mostOpen,
    look,
    until: async (isSo, ms) => {
      const began = performance.now()
      for (;;) {
        look()
        const spent = performance.now() - began
        if (isSo() || spent >= ms || signal.aborted) return
        await pause(spent < 4 * idleMs ? soonMs : idleMs)
      }
    },
    close: () => {
      for (const { fd } of connecting.values()) close(fd)
      for (const { fd } of echoing) close(fd)
      connecting.clear()
      echoing.clear()
    },
  }
}

function verdictOf({ what }: Reported): MatrixVerdict {
  return what === 'prohibited' ? 'prohibited' : what === 'refused' ? 'refused' : 'unreachable'
}

function cannotEnter(write: Write, { to, ...leg }: Leg): Outcome<void> {
  for (const at of to) write({ ...leg, to: at }, 'cannot-enter', null)
  return succeeded(undefined)
}

function noMoreSockets({ name, place }: MatrixMember, errno: string, open: number): Outcome<never> {
  const isLimit = errno === 'EMFILE' || errno === 'ENFILE'
  const isPermission = errno === 'EPERM' || errno === 'EACCES'
  return failed({
    kind: isPermission ? 'permission' : 'refused',
    what: isLimit
      ? `no more than ${open} sockets can be opened at the same time (${errno})`
      : `cannot open a socket in netns "${place.netns.name}": ${errno}`,
    subject: name,
    ...(isLimit ? { hint: 'raise the limit of open files: ulimit -n 4096' } : {}),
    ...(isPermission ? { hint: 'run as root or grant cap_net_raw' } : {}),
  })
}
