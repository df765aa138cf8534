/** TLS over a connection, and whether the server's certificate can be trusted. */
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { tlsProblem, type CertificateFacts } from '../../derive/probe/tls-problem.ts'
import { codeOf } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import { trusted } from './authorities.ts'
import { stopped, type HttpError, type Wait } from './connect.ts'

export type Secured = { readonly ms: number } & (
  | { readonly socket: TLSSocket; readonly tls: NonNullable<HttpResult['tls']>; readonly error: null }
  | { readonly socket: null; readonly tls: null; readonly error: HttpError }
)

/** `host`: the URL's name, which the server is told (SNI) and which its certificate must be for. */
export async function secure(plain: Socket, host: string, { ms: mostMs, signal }: Wait): Promise<Secured> {
  // A server that hangs up at once does it while the authorities are read, before TLS listens for it.
  let early: Error | null = null
  plain.on('error', (error) => (early ??= error))
  const secureContext = await trusted()
  const began = performance.now()
  if (plain.destroyed) {
    const says = early === null ? hungUp : handshakeSays(early)
    return { ms: 0, socket: null, tls: null, error: { what: 'tls', says } }
  }
  return new Promise((resolve) => {
    const socket = connect({
      socket: plain,
      host,
      // An address is no name (RFC 6066 3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['http/1.1'],
      secureContext,
      // Judged below: what is wrong is told.
      rejectUnauthorized: false,
    })
    const ended = (error: HttpError | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      socket.removeAllListeners('secureConnect').removeAllListeners('close')
      const ms = performance.now() - began
      if (error === null) return resolve({ ms, socket, tls: factsOf(socket, host), error })
      socket.destroy()
      plain.destroy()
      resolve({ ms, socket: null, tls: null, error })
    }
    const stop = (): void => ended({ what: 'tls', says: stopped })
    const timer = setTimeout(() => {
      ended({ what: 'timeout', says: `it is connected, and TLS did not come about in ${mostMs / 1000} s` })
    }, mostMs)
    socket.on('secureConnect', () => ended(null))
    // Stays: an error after this one must not be thrown.
    socket.on('error', (error) => ended({ what: 'tls', says: handshakeSays(error) }))
    socket.on('close', () => ended({ what: 'tls', says: hungUp }))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}

const hungUp = 'the server hung up before TLS came about'

function handshakeSays(error: Error): string {
  const code = codeOf(error) ?? ''
  if (code === 'ECONNRESET') return hungUp
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return 'what came back is not TLS: the server may speak plain http there'
  }
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? []
  return `TLS did not come about: ${sanitise(reason ?? error.message)}`
}

function factsOf(socket: TLSSocket, host: string): NonNullable<HttpResult['tls']> {
  const certificate = socket.getPeerCertificate()
  const facts: CertificateFacts = {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: timeOf(certificate.valid_from),
    validTo: timeOf(certificate.valid_to),
    names: namesOf(certificate.subjectaltname, certificate.subject),
  }
  // @types/node has an Error here; it is the code of it, or the Error of the name's check.
  const error: unknown = socket.authorizationError
  const code = error instanceof Error ? (codeOf(error) ?? error.message) : String(error)
  return {
    protocol: socket.getProtocol() ?? '',
    problem: socket.authorized ? null : sanitise(tlsProblem(code, host, facts)),
    subject: facts.subject,
    issuer: facts.issuer,
    validTo: facts.validTo,
  }
}

type Distinguished = Readonly<Record<string, string | readonly string[] | undefined>>
const longest = 200

/** Anybody may write anything there. */
function nameOf(name: object | undefined): string {
  const parts = Object.entries((name ?? {}) as Distinguished).flatMap(([key, value]) =>
    [value ?? []].flat().map((each) => `${key}=${each}`),
  )
  return sanitise(parts.join(', ')).slice(0, longest)
}

function namesOf(alternative: string | undefined, subject: object | undefined): readonly string[] {
  if (alternative !== undefined) {
    return alternative.split(', ').map((each) => each.replace(/^(DNS|IP Address):/, '').slice(0, longest))
  }
  const common = ((subject ?? {}) as Distinguished)['CN']
  return [common ?? []].flat().slice(0, 1)
}

function timeOf(text: string | undefined): string {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? sanitise(text ?? '') : new Date(time).toISOString()
}
