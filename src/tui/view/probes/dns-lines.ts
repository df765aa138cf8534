/**
 *  www.example.org  from dns
 *  127.0.0.11  NOERROR  1.20 ms  asked www.example.org
 *  10.0.0.53   timeout  5.00 s   silent
 *    www.example.org A 192.0.2.80   60 s
 */
import type { DnsAnswer, DnsResult } from '../../../model/probe-result.ts'
import type { Line, Role } from '../../frame.ts'
import { msText } from '../../../lib/ms-text.ts'
import { span } from '../text.ts'
import { para } from './para.ts'

const silent = ['timeout', 'unreachable']

export function dnsLines(
  { name, from, servers, answers, remarks }: DnsResult,
  columns: number,
): readonly Line[] {
  const wide = Math.max(0, ...servers.map(({ address }) => address.length))
  const asked = servers.flatMap((server) => {
    const role: Role =
      server.status === 'NOERROR' ? 'link.up' : silent.includes(server.status) ? 'link.down' : 'finding.risk'
    const says = server.says ?? (server.status === 'timeout' ? 'silent' : '')
    return para(
      [
        span(server.address.padEnd(wide), 'address'),
        span(`  ${server.status}`, role),
        span(`  ${msText(server.ms)}`),
        span(says === '' ? '' : `  ${says}`, role),
        span(server.asked === name ? '' : `  asked ${server.asked}`, 'dim'),
      ],
      columns,
    )
  })
  const file = from === 'hosts' ? para([span('the hosts file of the namespace answered')], columns) : []
  return [
    ...asked,
    ...file,
    ...answers.flatMap((answer) => answerLine(answer, columns)),
    ...remarks.flatMap((remark) => para([span(remark, 'finding.risk')], columns)),
  ]
}

function answerLine({ name, type, ttl, value }: DnsAnswer, columns: number): readonly Line[] {
  return para(
    [
      span(name, 'netns'),
      span(` ${type} `, 'dim'),
      span(value, 'address'),
      span(ttl === null ? '' : `  for ${ttl} s`, 'dim'),
    ],
    columns,
    3,
  )
}
