/** Results that are about one target: ping, ports, the way there, who came, a tool's end. */
import type {
  ListenResult,
  PingResult,
  TcpResult,
  ToolResult,
  TracerouteResult,
  UdpResult,
} from '../../../model/probe-result.ts'
import { quoted } from '../../../lib/quoted.ts'
import type { Line, Role, Span } from '../../frame.ts'
import { msText } from '../../../lib/ms-text.ts'
import { clockTime } from '../../select/clock.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { span } from '../text.ts'
import { errorText } from '../../../derive/probe/error-text.ts'
import { para } from './para.ts'

function targetFact(target: string, address: string): Fact {
  return fact('to', target === address || target === '' ? address : `${target} (${address})`, 'address')
}

export function pingLines(result: PingResult, columns: number): readonly Line[] {
  const { target, address, transmitted, received, duplicates, rttMs, errors, mtu, source } = result
  const lost = transmitted - received
  const share = transmitted === 0 ? 0 : Math.round((lost / transmitted) * 100)
  const facts: readonly Fact[] = [
    targetFact(target, address),
    fact('sent', String(transmitted)),
    fact('received', String(received)),
    fact('lost', lost === 0 ? 'none' : `${lost} (${share} %)`, lost === 0 ? 'text' : 'link.down'),
    ...(duplicates === 0 ? [] : [fact('duplicates', String(duplicates), 'finding.risk')]),
    ...(rttMs === null
      ? []
      : [fact('min/avg/max/mdev', [rttMs.min, rttMs.avg, rttMs.max, rttMs.mdev].map(msText).join(' / '))]),
    ...(mtu === undefined
      ? []
      : [
          fact('largest that passes', mtu.passes === null ? 'none' : `${mtu.passes} bytes`),
          fact('mtu of the link', mtu.linkMtu === null ? 'not known' : String(mtu.linkMtu)),
        ]),
  ]
  return [
    ...flowed(facts, columns, false),
    ...errors.flatMap((error) =>
      para([span(`${error.count} times ${errorText(error, { source })}`, 'link.down')], columns),
    ),
  ]
}

const portRoles: Readonly<Record<string, Role>> = {
  connected: 'link.up',
  answered: 'link.up',
  'open-or-filtered': 'finding.risk',
}

export function portLines(result: TcpResult | UdpResult, columns: number): readonly Line[] {
  const { target, address, ports } = result
  return [
    ...flowed([targetFact(target, address)], columns, false),
    ...ports.flatMap((port) => {
      const said = 'banner' in port ? port.banner : 'answer' in port ? port.answer : undefined
      const spans: readonly Span[] = [
        span(String(port.port).padStart(5), 'published'),
        span(` ${port.result}`, portRoles[port.result] ?? 'link.down'),
        span(` after ${msText(port.ms)}`),
        span(port.source === null ? '' : ` from ${port.source}`, 'dim'),
        span(port.icmp === null ? '' : `  ${errorText(port.icmp, port)}`, 'link.down'),
        span(port.says === undefined ? '' : `  ${port.says}`, 'link.down'),
        span(said === undefined ? '' : `  it says: ${said}`),
      ]
      return para(spans, columns)
    }),
  ]
}

export function listenLines(
  { protocol, address, port, came }: ListenResult,
  columns: number,
): readonly Line[] {
  const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  return [
    ...flowed([fact('listened on', `${protocol} ${at}`, 'address')], columns, false),
    ...came.flatMap((each) =>
      para(
        [
          span(`${clockTime(each.at)}  `, 'dim'),
          span(`${each.from} port ${each.port}`, 'address'),
          span(each.says === '' ? '' : `  sent: ${each.says}`),
        ],
        columns,
      ),
    ),
  ]
}

export function tracerouteLines(
  { target, address, hops }: TracerouteResult,
  columns: number,
): readonly Line[] {
  return [
    ...flowed([targetFact(target, address)], columns, false),
    ...hops.flatMap(({ hop, answers }) => {
      const spans = answers.flatMap(({ from, name, ms: time, icmp }, at): readonly Span[] => {
        if (from === null) return [span(' *', 'dim')]
        const isSame = at > 0 && answers[at - 1]?.from === from
        return [
          span(isSame ? '' : ` ${name === null ? '' : `${name} `}`, 'netns'),
          span(isSame ? '' : from, 'address'),
          span(time === null ? '' : ` ${msText(time)}`),
          span(icmp === null || icmp.says === 'time exceeded' ? '' : ` ${icmp.says}`, 'link.down'),
        ]
      })
      return para([span(String(hop).padStart(2), 'counter'), ...spans], columns)
    }),
  ]
}

export function toolLines({ command, exitCode, problem }: ToolResult, columns: number): readonly Line[] {
  return flowed(
    [
      fact('ran', command.map(quoted).join(' ')),
      problem === null
        ? fact('exit code', String(exitCode), exitCode === 0 ? 'link.up' : 'link.down')
        : fact('ended', problem, 'link.down'),
    ],
    columns,
    false,
  )
}
