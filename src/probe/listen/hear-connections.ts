import { createServer, type Socket } from 'node:net'
import { firstText } from '../tcp/banner.ts'
import type { Sockets } from '../socket/sockets.ts'
import { plainAddress } from './plain-address.ts'
import type { Came } from './run-listen.ts'

/** Who connects and says nothing for that long is told all the same. */
const silentMs = 1000
/** Connections that are kept at the same time; each is a descriptor, and pins the namespace. */
const mostOpen = 128

/** Each connection is one who came: told with its first bytes. Closes the descriptor when the signal comes. */
export function hearConnections(
  _sockets: Sockets,
  fd: number,
  signal: AbortSignal,
  onCame: (came: Came) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const open = new Set<Socket>()
    const server = createServer((socket) => {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      hearOne(socket, onCame)
    })
    server.maxConnections = mostOpen
    const end = (): void => {
      for (const socket of open) socket.destroy()
      server.close(() => resolve())
    }
    server.on('error', end)
    server.listen({ fd })
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function hearOne(socket: Socket, onCame: (came: Came) => void): void {
  const at = Date.now()
  const from = plainAddress(socket.remoteAddress ?? '')
  const port = socket.remotePort ?? 0
  let told = false
  const tell = (bytes: Uint8Array): void => {
    if (told) return
    told = true
    clearTimeout(timer)
    onCame({ at, from, port, says: firstText(bytes) })
  }
  const nothing = (): void => tell(Buffer.alloc(0))
  const timer = setTimeout(nothing, silentMs)
  // What comes after the first bytes is read and forgotten, so that who sends does not wait for us.
  socket.on('data', tell)
  socket.on('end', nothing)
  socket.on('error', nothing)
  socket.on('close', nothing)
}
