import type { SocketCalls } from './calls.ts'

/** The address that a socket sends from; null: none was chosen yet. */
export function sourceOf(calls: SocketCalls, fd: number): string | null {
  const address = calls.localAddress(fd)?.address ?? null
  return address === '0.0.0.0' || address === '::' ? null : address
}
