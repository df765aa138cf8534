/** One URL asked for once: its name, the connection, TLS, and the answer's headers; each with its time. */
import type { IncomingMessage } from 'node:http'
import { hostOf, portOf } from '../../derive/probe/http-url.ts'
import type { Header } from '../../derive/probe/http-header.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { parseIp } from '../../lib/ip.ts'
import type { HttpRequest, Target } from '../../model/probe.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import type { ProbeContext } from '../context.ts'
import { foundTarget } from '../dns/found-target.ts'
import type { Sockets } from '../socket/sockets.ts'
import { connectInside, stopped, type HttpError } from './connect.ts'
import { exchange } from './exchange.ts'
import { secure } from './secure.ts'
import { tellConnected, tellTls } from './http-lines.ts'

export type Fetched = {
  readonly timing: Omit<HttpResult['timing'], 'total'>
  readonly address: string | null
  readonly tls: HttpResult['tls']
} & (
  | { readonly response: IncomingMessage; readonly error: null }
  | { readonly response: null; readonly error: HttpError }
)

export async function fetchOnce(
  sockets: Sockets,
  request: HttpRequest,
  url: URL,
  headers: readonly Header[],
  context: ProbeContext,
): Promise<Outcome<Fetched>> {
  const { place } = request
  const wait = { ms: request.timeoutMs, signal: context.signal }
  let timing: Fetched['timing'] = { dns: null, connect: null, tls: null, firstByte: null }
  const began = performance.now()
  const found = await targetOf(request, url, context)
  if (!found.ok) {
    // A namespace that cannot be entered is no answer of a name server.
    if (found.failure.kind !== 'not-found' || found.failure.subject === place.netns.name) return found
    timing = { ...timing, dns: micros(performance.now() - began) }
    const error: HttpError = { what: 'dns', says: context.signal.aborted ? stopped : found.failure.what }
    return succeeded({ timing, address: null, tls: null, response: null, error })
  }
  const target = found.value
  const { address } = target
  if (target.from?.startsWith(askedServer) === true)
    timing = { ...timing, dns: micros(performance.now() - began) }
  const connected = await connectInside(sockets, place, target, portOf(url), wait)
  if (!connected.ok) return connected
  timing = { ...timing, connect: micros(connected.value.ms) }
  if (connected.value.socket === null) {
    return succeeded({ timing, address, tls: null, response: null, error: connected.value.error })
  }
  tellConnected(context, target, portOf(url), connected.value.ms)
  const isSecure = url.protocol === 'https:'
  const secured = isSecure ? await secure(connected.value.socket, hostOf(url), wait) : null
  if (secured !== null) timing = { ...timing, tls: micros(secured.ms) }
  if (secured !== null && secured.error !== null) {
    return succeeded({ timing, address, tls: null, response: null, error: secured.error })
  }
  const tls = secured?.tls ?? null
  const socket = secured?.socket ?? connected.value.socket
  if (tls !== null) tellTls(context, tls)
  if (tls !== null && tls.problem !== null && !request.insecure) {
    socket.destroy()
    const says = `the server cannot be trusted: ${tls.problem}; nothing was asked of it`
    return succeeded({ timing, address, tls, response: null, error: { what: 'tls', says } })
  }
  const path = `${url.pathname}${url.search}`
  const answer = await exchange(socket, { method: request.head ? 'HEAD' : 'GET', path, headers }, wait)
  timing = { ...timing, firstByte: micros(answer.ms) }
  return answer.response === null
    ? succeeded({ timing, address, tls, response: null, error: answer.error })
    : succeeded({ timing, address, tls, response: answer.response, error: null })
}

/** How `from` of a target begins that a server was asked for. */
const askedServer = 'name server'

function targetOf(request: HttpRequest, url: URL, context: ProbeContext): Promise<Outcome<Target>> {
  const host = hostOf(url)
  const ip = parseIp(host)
  // A server may lead to `constructor`, which every object has.
  const known = Object.hasOwn(request.known, url.hostname) ? request.known[url.hostname] : undefined
  if (known !== undefined) return Promise.resolve(succeeded(known))
  if (ip !== null) {
    const family = ip.family === 'inet' ? 4 : 6
    return Promise.resolve(succeeded({ text: host, address: host, family, from: null }))
  }
  return foundTarget(request.place, { text: host, family: null, resolver: request.resolver }, context)
}

/** Finer than microseconds it cannot be told. */
export function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
