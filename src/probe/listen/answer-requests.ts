/** A web server that says who asked: enough to see where a packet came from, with which address, and that it came at all. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { endText } from '../../derive/probe/tcp-verdict.ts'
import { firstText } from '../tcp/banner.ts'
import type { Sockets } from '../socket/sockets.ts'
import { plainAddress } from './plain-address.ts'
import type { Came } from './run-listen.ts'

/** Connections at the same time, as of a listener: each is a descriptor, and pins the namespace. */
const mostOpen = 128
/** Who connects and asks nothing is let go. */
const silentMs = 10_000

/** `server`: the namespace's name. `names`: whose addresses are known. */
export type Answering = { readonly server: string; readonly names: Readonly<Record<string, string>> }

/** Each request is one who came. Closes the descriptor when the signal comes. */
export function answerRequests({ server, names }: Answering) {
  return (_sockets: Sockets, fd: number, signal: AbortSignal, onCame: (came: Came) => void): Promise<void> =>
    new Promise((resolve) => {
      const answer = (request: IncomingMessage, response: ServerResponse): void => {
        const { came, asker } = cameOf(request, names)
        // One request, one connection: the next one meets the rules as they are then.
        const text = Buffer.from(`${server} answers ${asker}: ${came.says}\n`)
        response.writeHead(200, {
          'content-type': 'text/plain; charset=utf-8',
          'content-length': text.length,
          connection: 'close',
        })
        response.end(text)
        onCame(came)
      }
      const http = createServer({ headersTimeout: silentMs, requestTimeout: silentMs }, answer)
      http.maxConnections = mostOpen
      const end = (): void => {
        http.close(() => resolve())
        http.closeAllConnections()
      }
      http.on('error', end)
      http.listen({ fd })
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
    })
}

function cameOf(
  { socket, method = '', url = '' }: IncomingMessage,
  names: Readonly<Record<string, string>>,
): { readonly came: Came; readonly asker: string } {
  const from = plainAddress(socket.remoteAddress ?? '')
  const port = socket.remotePort ?? 0
  const name = Object.hasOwn(names, from) ? ` (${names[from]})` : ''
  return {
    came: { at: Date.now(), from, port, says: firstText(Buffer.from(`${method} ${url}`)) },
    asker: `${endText(from, port)}${name}`,
  }
}
