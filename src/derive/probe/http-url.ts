import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'

export type HttpUrl = {
  readonly url: URL
  /** As it was typed, for names whose case counts; an IPv6 address without its brackets. */
  readonly host: string
}

/** `http://web:8080/path`, and the same without its scheme. */
export function httpUrl(text: string): Outcome<HttpUrl> {
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? []
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    return failed(notUrl(text, `the scheme is ${sanitise(scheme)}: only http and https can be asked for`))
  }
  if (rest === '' || rest.startsWith('-') || /[\s\p{Cc}\p{Cf}]/u.test(text)) return failed(notUrl(text, null))
  const whole = `${scheme ?? 'http'}://${rest}`
  const host = /^(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(rest)?.[1] ?? ''
  try {
    const url = new URL(whole)
    if (url.port === '0') return failed(notUrl(text, 'nothing listens on port 0'))
    return succeeded({ url, host: host.replace(/^\[|\]$/g, '') })
  } catch {
    return failed(notUrl(text, null))
  }
}

/** Without name and password. */
export function shownUrl(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

/** As it is connected to: without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

function notUrl(text: string, why: string | null): Failure {
  return {
    kind: 'usage',
    what: `"${sanitise(text.slice(0, 200))}" is not a URL that can be asked for${why === null ? '' : `: ${why}`}`,
    subject: text,
    hint: 'give http://HOST:PORT/PATH, https://…, or HOST:PORT/PATH',
  }
}
