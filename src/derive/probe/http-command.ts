/** The host's own tool for the same URL, to be run inside: wget, or curl where the name is one that only we know. */
import type { HttpRequest } from '../../model/probe.ts'
import { httpUrl, portOf } from './http-url.ts'

export function httpCommand(request: HttpRequest): readonly string[] {
  const parsed = httpUrl(request.url)
  const name = parsed.ok ? parsed.value.url.hostname : ''
  const known = Object.hasOwn(request.known, name) ? request.known[name] : undefined
  if (!parsed.ok || known === undefined || known.from === null) return wget(request)
  const { url } = parsed.value
  const address = known.family === 6 ? `[${known.address}]` : known.address
  return curl(request, `${url.hostname}:${portOf(url)}:${address}`)
}

function wget({
  url,
  head,
  insecure,
  maxRedirects,
  headers,
  timeoutMs,
  file,
}: HttpRequest): readonly string[] {
  return [
    'wget',
    '-S',
    ...(head ? ['--spider'] : ['-O', file ?? '/dev/null']),
    '--tries=1',
    `--timeout=${timeoutMs / 1000}`,
    `--max-redirect=${maxRedirects}`,
    ...(insecure ? ['--no-check-certificate'] : []),
    ...headers.map((header) => `--header=${header}`),
    url,
  ]
}

function curl(
  { url, head, insecure, maxRedirects, headers, timeoutMs, file }: HttpRequest,
  resolve: string,
): readonly string[] {
  return [
    'curl',
    '-sS',
    ...(head ? ['-I'] : ['-D', '-', '-o', file ?? '/dev/null']),
    '--resolve',
    resolve,
    '--connect-timeout',
    String(timeoutMs / 1000),
    ...(maxRedirects === 0 ? [] : ['-L', '--max-redirs', String(maxRedirects)]),
    ...(insecure ? ['-k'] : []),
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]
}
