/** What a server says of its own accord, and whether it hangs up at once instead. */
import { sanitise } from '../../lib/sanitise.ts'
import type { ProbeContext } from '../context.ts'
import type { SocketCalls } from '../socket/calls.ts'
import type { Sockets } from '../socket/sockets.ts'
import { waitUntil } from './wait-until.ts'

/** That long after the handshake a RST may come from who accepted only to refuse (a proxy whose backend is gone). */
const resetMs = 150
/** A banner in several segments: how long more is waited for after the last one. */
const quietMs = 80
const mostLength = 256
const mostBytes = 1024

export type Heard = { readonly reset: boolean; readonly banner: string | null }

export async function hear(
  sockets: Sockets,
  fd: number,
  bannerMs: number,
  { signal }: ProbeContext,
): Promise<Heard> {
  const chunks: Buffer[] = []
  for (const until = performance.now() + Math.max(bannerMs, resetMs); ;) {
    const left = until - performance.now()
    const ms = chunks.length === 0 ? left : Math.min(left, quietMs)
    if (ms <= 0) break
    const got = await waitUntil(sockets, fd, { readable: true }, { ms, signal }, () =>
      read(sockets.calls, fd),
    )
    if (got === null || got === 'end') break
    if (got === 'reset') return { reset: chunks.length === 0, banner: textOf(chunks) }
    chunks.push(got)
    if (chunks.reduce((sum, { length }) => sum + length, 0) >= mostBytes) break
  }
  return { reset: false, banner: bannerMs === 0 ? null : textOf(chunks) }
}

function read(calls: SocketCalls, fd: number): Buffer | 'end' | 'reset' | null {
  const received = calls.receive(fd)
  if (received !== null)
    return received.bytes.length === 0 ? 'end' : Buffer.from(received.bytes.subarray(0, mostBytes))
  const errno = calls.errno()
  if (errno === 'EAGAIN') return null
  return errno === 'ECONNRESET' || errno === 'EPIPE' ? 'reset' : 'end'
}

function textOf(chunks: readonly Buffer[]): string | null {
  const text = firstText(Buffer.concat(chunks))
  return text === '' ? null : text
}

/** The beginning of what came over the network, as one line that no terminal takes for more than text. */
export function firstText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, mostBytes)).toString('utf8')
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  const line = sanitise(lines.join(' ⏎ '))
  const characters = Array.from(line)
  return characters.length <= mostLength ? line : `${characters.slice(0, mostLength - 1).join('')}…`
}
