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
import type { Board, Cell } from './board.ts'
import { echoesOn, echoProtocols, hearEchoes, sendEcho, type Echoes } from './echoes.ts'

type Connecting = { readonly fd: number; readonly cell: Cell; readonly began: number }

type End = ReturnType<typeof zoned> & { readonly at: number }

export type Flight = {
  /** From one member to some others, one of what is tried. The failure: no more sockets can be opened. */
  readonly begin: (from: number, to: readonly number[], item: number) => Outcome<void>
  readonly open: () => number
  readonly mostOpen: () => number
  /** Looks at all that is under way; what took too long ends. */
  readonly look: () => void
  /** Looks until it is so, or time is up. */
  readonly until: (isSo: () => boolean, ms: number) => Promise<void>
  readonly close: () => void
}

/** Between two looks: while answers are about to come, and while only silence is waited for. */
const soonMs = 1
const idleMs = 5

export function takeOff(
  sockets: Sockets,
  { members, timeoutMs }: MatrixRequest,
  tried: readonly (number | 'ping')[],
  board: Board,
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
  const close = (fd: number): void => {
    calls.close(fd)
    open -= 1
  }
  const told = (cell: Cell, ms: number, refused: Reported | null): void =>
    board.set(cell, refused === null ? 'answered' : verdictOf(refused), ms)

  const connect = (from: number, to: readonly number[], item: number, port: number): Outcome<void> => {
    const member = members[from]
    if (member === undefined) return succeeded(undefined)
    const ends = to.flatMap((at) => endsOf(item, port)[at] ?? [])
    const made = sockets.inside(member.place, () =>
      ends.map(({ to: { family } }) => {
        const fd = calls.socket(family, SOCK_STREAM, PROTOCOL_TCP)
        return fd < 0 ? { fd, errno: calls.errno() } : { fd, errno: '' }
      }),
    )
    if (!made.ok) return cannotEnter(board, from, to, item)
    opened(made.value.filter(({ fd }) => fd >= 0).length)
    const refused = made.value.find(({ fd }) => fd < 0)
    if (refused !== undefined) {
      for (const { fd } of made.value) if (fd >= 0) close(fd)
      return noMoreSockets(member, refused.errno, open)
    }
    for (const [n, { fd }] of made.value.entries()) {
      const end = ends[n]
      if (end === undefined) continue
      const cell = { from, to: end.at, item }
      const began = performance.now()
      const met =
        beginConnecting(calls, fd, end.to, { link: end.link, resets: true }) ?? lookAtConnecting(calls, fd)
      if (met === null) {
        connecting.set(fd, { fd, cell, began })
        continue
      }
      board.set(cell, met.verdict, performance.now() - began)
      close(fd)
    }
    return succeeded(undefined)
  }

  const ping = (from: number, to: readonly number[], item: number): Outcome<void> => {
    const member = members[from]
    if (member === undefined) return succeeded(undefined)
    for (const family of [4, 6] as const) {
      const ends = to.flatMap((at) => endsOf(item, 0)[at] ?? []).filter((end) => end.to.family === family)
      if (ends.length === 0) continue
      const made = sockets.inside(member.place, () => {
        const fd = calls.socket(family, SOCK_RAW, echoProtocols[family])
        return fd < 0 ? { fd, errno: calls.errno() } : { fd, errno: '' }
      })
      if (!made.ok) return cannotEnter(board, from, to, item)
      if (made.value.fd < 0) return noMoreSockets(member, made.value.errno, open)
      opened(1)
      const echoes = echoesOn(calls, made.value.fd, family)
      for (const end of ends) {
        sendEcho(calls, echoes, end.to, { from, to: end.at, item }, told)
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
    for (const [at, { fd, cell, began }] of all.entries()) {
      const events = revents[at] ?? 0
      const isLate = now - began >= timeoutMs
      const met = events === 0 ? null : lookAtConnecting(calls, fd, events)
      if (met === null && !isLate) continue
      board.set(cell, met?.verdict ?? 'timeout', met === null ? null : now - began)
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
      for (const [seq, { cell, began }] of echoes.waiting) {
        if (now - began < timeoutMs) continue
        board.set(cell, 'lost', null)
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
    begin: (from, to, item) => {
      const what = tried[item]
      if (what === undefined) return succeeded(undefined)
      return what === 'ping' ? ping(from, to, item) : connect(from, to, item, what)
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

function cannotEnter(board: Board, from: number, to: readonly number[], item: number): Outcome<void> {
  for (const at of to) board.set({ from, to: at, item }, 'cannot-enter', null)
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
