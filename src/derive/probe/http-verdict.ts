import { msText } from '../../lib/ms-text.ts'
import type { HttpResult, Verdict } from '../../model/probe-result.ts'

/** `200 OK, 5120 bytes in 3.2 ms`, `refused: …`. */
export function httpVerdict({ ok, status, bytes, ms, error, tls, redirects, file }: HttpResult): Verdict {
  const answered = status === null ? '' : `${status}${wordOf(status)}, `
  if (error !== undefined) return { ok, says: `${answered}${error.says}` }
  const after =
    redirects.length === 0 ? '' : ` after ${redirects.length} redirect${redirects.length === 1 ? '' : 's'}`
  const where = file === null ? '' : ` into ${file}`
  const trust = tls === null || tls.problem === null ? '' : `; not trusted: ${tls.problem}`
  return { ok, says: `${answered}${bytes} bytes${where} in ${msText(ms)}${after}${trust}` }
}

/** Those that are met; what the server itself calls it is in no JSON, because it may say anything. */
const words: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  421: 'Misdirected Request',
  426: 'Upgrade Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

function wordOf(status: number): string {
  const word = words[status]
  return word === undefined ? '' : ` ${word}`
}
