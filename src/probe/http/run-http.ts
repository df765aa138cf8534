/**
 * A URL asked for from inside a namespace. The names and addresses are those that hold there; the connection is opened inside
 * and handed to Node's http and tls, so nothing has to be installed there.
 */
import type { IncomingMessage } from 'node:http'
import { isPersonal, parseHeader, sentHeaders, type Header } from '../../derive/probe/http-header.ts'
import { httpUrl, shownUrl } from '../../derive/probe/http-url.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { HttpRequest } from '../../model/probe.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import type { ProbeContext, Runner } from '../context.ts'
import type { Sockets } from '../socket/sockets.ts'
import { whileThere } from '../socket/while-there.ts'
import { readBody } from './body.ts'
import { stopped } from './connect.ts'
import { headersOf } from './exchange.ts'
import { fetchOnce, micros, type Fetched } from './fetch-once.ts'
import { tellLine } from './http-lines.ts'

export const runHttp: Runner<'http'> = async (request, context) => {
  const parsed = httpUrl(request.url)
  if (!parsed.ok) return parsed
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const first = parsed.value.url
  const { value: result, gone } = await whileThere(sockets.value, request.place, context, (within) =>
    followed(sockets.value, request, first, within),
  )
  if (!result.ok || gone === null) return result
  return succeeded({ ...result.value, ok: false, error: { what: 'http', says: gone.what } })
}

async function followed(
  sockets: Sockets,
  request: HttpRequest,
  first: URL,
  context: ProbeContext,
): Promise<Outcome<HttpResult>> {
  const began = performance.now()
  const redirects: { readonly status: number; readonly url: string }[] = []
  let url = first
  for (;;) {
    const headers = headersFor(request, url, first)
    const fetched = await fetchOnce(sockets, request, url, headers, context)
    if (!fetched.ok) return fetched
    const one = fetched.value
    const end = (rest: Partial<HttpResult>): Outcome<HttpResult> =>
      succeeded(resultOf(request, first, one, { began, redirects, ...rest }))
    if (one.response === null) return end({ error: one.error })
    const { response } = one
    tellAnswer(context, response)
    const next = nextOf(response, url)
    if (next === null || request.maxRedirects === 0) {
      return end(await received(request, response, context))
    }
    response.destroy()
    const status = response.statusCode ?? 0
    const answered = { status, headers: headersOf(response) }
    if (typeof next === 'string') return end({ ...answered, error: { what: 'http', says: next } })
    if (redirects.length >= request.maxRedirects) {
      const says = `more than ${request.maxRedirects} redirects: ${shownUrl(next)} would be the next`
      return end({ ...answered, error: { what: 'http', says } })
    }
    if (context.signal.aborted) return end({ ...answered, error: { what: 'http', says: stopped } })
    redirects.push({ status, url: shownUrl(next) })
    tellLine(context, `→ ${shownUrl(next)}`)
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      tellLine(context, 'it leads from https to http: what follows can be read on the way', 'note')
    }
    url = next
  }
}

/** What is sent anyway, and what was asked for; what tells who asks goes to the first host only. */
function headersFor({ headers }: HttpRequest, url: URL, first: URL): readonly Header[] {
  const asked = headers.flatMap((line) => parseHeader(line) ?? [])
  const isSame = url.protocol === first.protocol && url.host === first.host
  const usual: Header[] = [
    { name: 'Host', value: url.host },
    { name: 'User-Agent', value: 'vethscope' },
    { name: 'Accept', value: '*/*' },
    { name: 'Connection', value: 'close' },
  ]
  if (url.username !== '' || url.password !== '') {
    const [name, password] = [url.username, url.password].map((part) => decoded(part))
    const value = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
    usual.push({ name: 'Authorization', value })
  }
  return sentHeaders(usual, isSame ? asked : asked.filter((header) => !isPersonal(header)))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Where it leads; a text: why that cannot be followed; null: nowhere. */
function nextOf(response: IncomingMessage, url: URL): URL | string | null {
  const { location } = response.headers
  if (!redirecting.has(response.statusCode ?? 0) || location === undefined) return null
  try {
    const next = new URL(location, url)
    if (next.protocol === 'http:' || next.protocol === 'https:') return next
    return `it leads to ${next.protocol}, which is not followed`
  } catch {
    return 'it leads to something that is no URL'
  }
}

async function received(
  request: HttpRequest,
  response: IncomingMessage,
  context: ProbeContext,
): Promise<Partial<HttpResult>> {
  const total = Number(response.headers['content-length'] ?? Number.NaN)
  const wait = { ms: request.timeoutMs, signal: context.signal }
  let toldAt = performance.now()
  const { bytes, file, error, remark } = await readBody(response, request.file, wait, (done) => {
    if (!Number.isSafeInteger(total) || performance.now() - toldAt < progressMs) return
    toldAt = performance.now()
    context.emit({ type: 'progress', done, total })
  })
  if (remark !== null) tellLine(context, remark, 'note')
  return {
    status: response.statusCode ?? null,
    headers: headersOf(response),
    bytes,
    file,
    ...(error === null ? {} : { error }),
    ...(remark === null ? {} : { remarks: [remark] }),
  }
}

const progressMs = 250

function resultOf(
  { place, insecure }: HttpRequest,
  url: URL,
  { timing, address, tls }: Fetched,
  { began, ...rest }: Partial<HttpResult> & { readonly began: number },
): HttpResult {
  const ms = micros(performance.now() - began)
  const { status = null, error } = rest
  const isTrusted = tls === null || tls.problem === null || insecure
  return {
    kind: 'http',
    ok: error === undefined && status !== null && status < 400 && isTrusted,
    netns: place.netns,
    url: shownUrl(url),
    status,
    bytes: 0,
    ms,
    timing: { ...timing, total: ms },
    address,
    headers: [],
    redirects: [],
    tls,
    file: null,
    ...rest,
  }
}

function tellAnswer(context: ProbeContext, response: IncomingMessage): void {
  const { httpVersion, statusCode = 0, statusMessage = '' } = response
  const tone = statusCode < 400 ? 'good' : 'bad'
  tellLine(context, `HTTP/${httpVersion} ${statusCode} ${statusMessage}`, tone)
  for (const { name, value } of headersOf(response)) tellLine(context, `  ${name}: ${value}`)
}
