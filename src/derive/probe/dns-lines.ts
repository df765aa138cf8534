/** What servers and files said, as lines. */
import { msText } from '../../lib/ms-text.ts'
import type { DnsAnswer, DnsServer } from '../../model/probe-result.ts'

/**
 *     127.0.0.11  NOERROR  0.41 ms  www.example.org
 *       www.example.org  A  192.0.2.1  300 s
 */
export function serverLines({ address, status, ms, asked, says, answers }: DnsServer): readonly string[] {
  const why = says === undefined ? '' : `: ${says}`
  return [`${address}  ${status}  ${msText(ms)}  ${asked}${why}`, ...answers.map(answerLine)]
}

export function answerLine({ name, type, ttl, value }: DnsAnswer): string {
  return `  ${name}  ${type}  ${value}${ttl === null ? '' : `  ${ttl} s`}`
}
