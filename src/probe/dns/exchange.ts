/** One question to one server, from inside a namespace: over UDP, or over TCP where the answer did not fit. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { NameServer } from '../../derive/probe/resolv-conf.ts'
import type { Place } from '../../model/probe.ts'
import { SOCK_DGRAM, SOCK_STREAM, type SocketCalls } from '../socket/calls.ts'
import { icmpError, localError, type Reported } from '../socket/icmp-error.ts'
import type { Sockets } from '../socket/sockets.ts'
import { bindToLink, setIpOption } from '../socket/socket-options.ts'
import { beginConnecting, lookAtConnecting, PROTOCOL_TCP } from '../tcp/connecting.ts'
import { waitUntil } from '../tcp/wait-until.ts'
import { zoned } from '../tcp/zoned.ts'
import { sameName } from './domain-name.ts'
import { parseMessage, type Message } from './message.ts'

export type Asking = {
  readonly sockets: Sockets
  readonly place: Place
  readonly server: NameServer
  readonly query: Buffer
  readonly signal: AbortSignal
}

export type Reply =
  | { readonly type: 'answer'; readonly message: Message }
  /** `strange`: datagrams that came from there and were no answer to this. */
  | { readonly type: 'silent'; readonly strange: number }
  | { readonly type: 'unreachable'; readonly reported: Reported }

const PROTOCOL_UDP = 17

/** Asked again `attempts` times, each time `attemptMs` are waited. A late answer to an earlier one counts as well. */
export async function askUdp(
  { sockets, place, server, query, signal }: Asking,
  attempts: number,
  attemptMs: number,
): Promise<Outcome<Reply>> {
  const { calls } = sockets
  const { to, link } = destination(server)
  const opened = sockets.open(place, to.family, SOCK_DGRAM, PROTOCOL_UDP)
  if (!opened.ok) return opened
  const fd = opened.value
  try {
    setIpOption(calls, fd, to.family, 'receiveErrors', 1)
    if (link !== undefined && bindToLink(calls, fd, link) < 0) return unreachable(localError(calls.errno()))
    if (calls.connect(fd, to) !== 0) return unreachable(localError(calls.errno()))
    const strange = { count: 0 }
    for (let attempt = 0; attempt < attempts && !signal.aborted; attempt += 1) {
      if (calls.send(fd, query) < 0) {
        const errno = calls.errno()
        return unreachable(refusal(calls, fd) ?? localError(errno))
      }
      const reply = await waitUntil(sockets, fd, { readable: true }, { ms: attemptMs, signal }, () =>
        received(sockets, fd, query, strange),
      )
      if (reply !== null) return succeeded(reply)
    }
    return succeeded({ type: 'silent', strange: strange.count })
  } finally {
    calls.close(fd)
  }
}

function received({ calls }: Sockets, fd: number, query: Buffer, strange: { count: number }): Reply | null {
  const reported = refusal(calls, fd)
  if (reported !== null) return { type: 'unreachable', reported }
  for (;;) {
    const datagram = calls.receive(fd)
    if (datagram === null) {
      const errno = calls.errno()
      return errno === 'EAGAIN' ? null : { type: 'unreachable', reported: localError(errno) }
    }
    const message = answerTo(query, datagram.bytes)
    if (message !== null) return { type: 'answer', message }
    strange.count += 1
  }
}

/** What ended it, of the errors that were reported: a packet that was too big is sent again by the kernel. */
function refusal(calls: SocketCalls, fd: number): Reported | null {
  for (;;) {
    const report = calls.receiveError(fd)
    if (report === null) return null
    const reported = icmpError(report)
    if (reported.what !== 'too-big' && reported.what !== 'other') return reported
  }
}

/** The same over TCP (RFC 7766): each message behind its length. */
export async function askTcp(
  { sockets, place, server, query, signal }: Asking,
  timeoutMs: number,
): Promise<Outcome<Reply>> {
  const { calls } = sockets
  const { to, link } = destination(server)
  const opened = sockets.open(place, to.family, SOCK_STREAM, PROTOCOL_TCP)
  if (!opened.ok) return opened
  const fd = opened.value
  const until = performance.now() + timeoutMs
  const wait = <T>(
    events: { readonly readable?: boolean; readonly writable?: boolean },
    look: () => T | null,
  ) => waitUntil(sockets, fd, events, { ms: Math.max(0, until - performance.now()), signal }, look)
  try {
    const met =
      beginConnecting(calls, fd, to, { link, resets: true }) ??
      (await wait({ writable: true }, () => lookAtConnecting(calls, fd)))
    if (met === null) return succeeded({ type: 'silent', strange: 0 })
    if (met.verdict !== 'connected') {
      const what = met.verdict === 'refused' || met.verdict === 'prohibited' ? met.verdict : 'unreachable'
      const says = met.says ?? met.verdict
      return unreachable({ error: met.icmp ?? { from: null, type: null, code: null, says }, what })
    }
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    if (calls.send(fd, Buffer.concat([length, query])) < 0) return unreachable(localError(calls.errno()))
    let got: Buffer = Buffer.alloc(0)
    const reply = await wait({ readable: true }, (): Reply | null => {
      for (;;) {
        const part = calls.receive(fd)
        if (part === null && calls.errno() === 'EAGAIN') return null
        // It hung up before it had said all.
        if (part === null || part.bytes.length === 0) return { type: 'silent', strange: 1 }
        got = Buffer.concat([got, part.bytes])
        if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) continue
        const message = answerTo(query, got.subarray(2, 2 + got.readUInt16BE(0)))
        return message === null ? { type: 'silent', strange: 1 } : { type: 'answer', message }
      }
    })
    return succeeded(reply ?? { type: 'silent', strange: 0 })
  } finally {
    calls.close(fd)
  }
}

/** The link of a link-local address is told by its name, by which the socket is bound, or by its number. */
function destination({ address, family, link, port }: NameServer): ReturnType<typeof zoned> {
  const numbered = link !== null && /^\d+$/.test(link)
  const whole = link === null || numbered ? address : `${address}%${link}`
  const { to, link: name } = zoned({ text: whole, address: whole, family, from: null }, port)
  return { to: numbered ? { ...to, scope: Number(link) } : to, link: name }
}

function unreachable(reported: Reported): Outcome<Reply> {
  return succeeded({ type: 'unreachable', reported })
}

/**
 * The message where it answers this very question: a wrong number or another question is somebody else's, or a guess. A
 * server that refuses may leave the question out.
 */
export function answerTo(query: Buffer, bytes: Buffer): Message | null {
  const message = parseMessage(bytes)
  const asked = parseMessage(query)
  const wanted = asked?.question ?? null
  if (message === null || wanted === null) return null
  if (!message.isAnswer || message.id !== asked?.id) return null
  const { question } = message
  if (question === null) return message.code === 0 || message.answers.length > 0 ? null : message
  return question.type === wanted.type && sameName(question.name, wanted.name) ? message : null
}
