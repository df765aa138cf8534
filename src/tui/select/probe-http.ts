/** The line of `w` as a request: a URL, or what lacks only its beginning. */
import { parseHeader } from '../../derive/probe/http-header.ts'
import { httpUrl } from '../../derive/probe/http-url.ts'
import { resolverOf } from '../../derive/probe/resolver.ts'
import { soughtOf } from '../../derive/probe/sought.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import { millisecondsOf, numberOf, onlyWord, usage, watching, type Asking } from './probe-line.ts'

export function httpAsked(asking: Asking): Outcome<ProbeRequest> {
  const { world, netns, place, line } = asking
  const word = onlyWord(line, 'a URL, or HOST:PORT')
  if (!word.ok) return word
  const parsed = httpUrl(word.value)
  if (!parsed.ok) return parsed
  const { url, host } = parsed.value
  const headers = line.given.get('header') ?? []
  const wrong = headers.find((each) => parseHeader(each) === null)
  if (wrong !== undefined) return usage(`--header: "${wrong}" is not "NAME: VALUE"`)
  const target = soughtOf(world, netns, host)
  if (!target.ok) return target
  return succeeded({
    kind: 'http',
    place,
    watch: watching(asking, [target.value]),
    url: url.href,
    known: 'address' in target.value ? { [url.hostname]: target.value } : {},
    resolver: resolverOf(world, netns),
    timeoutMs: millisecondsOf(line, 'timeout', 10_000),
    maxRedirects: numberOf(line, 'max-redirects') ?? 10,
    file: null,
    headers,
    head: line.given.has('head'),
    insecure: line.given.has('insecure'),
  })
}
