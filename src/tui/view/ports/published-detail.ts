/**
 *  port 0.0.0.0:8080/tcp of host   leads to nginx1 172.17.0.3:80   via a DNAT rule
 *  listens nginx1 listens on 0.0.0.0 port 80/tcp
 *  $ iptables-nft -t nat -vnL DOCKER --line-numbers
 */
import { insideCommand } from '../../../derive/inside-command.ts'
import type { PublishedPort } from '../../../model/published-port.ts'
import type { Line } from '../../frame.ts'
import { netnsOf, nameOf, shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import type { PublishedRow } from '../../tables/published-row.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { span } from '../text.ts'
import { ruleCommand, ruleSentence } from './rule-text.ts'
import { servesWords } from './serves.ts'

export function publishedDetail(row: PublishedRow, state: State, columns: number): readonly Line[] {
  const isList = columns < state.size.columns
  if (row.kind === 'unread')
    return flowed(
      [
        { ...fact('not read', `the rules of ${row.netnsName}: ${row.why}`, 'unreadable'), alone: true },
        fact('so', 'whether it publishes a port by rules is not known'),
      ],
      columns,
      isList,
    )
  const { port, host, owner, target, netnsName } = row
  return flowed(
    [
      fact('port', host, 'published'),
      fact('of', netnsName, 'netns'),
      {
        label: 'leads to',
        spans: [span(owner === null ? '' : `${owner} `, 'container'), span(target, 'address')],
      },
      ...netnsFact(state, port),
      { label: 'listens', spans: servesWords(port, owner), alone: true },
      { label: 'by', spans: [span(byWords(port))], alone: true },
      ...processFact(port),
      ...commands(state, port),
    ],
    columns,
    isList,
  )
}

function netnsFact(state: State, { target }: PublishedPort): readonly Fact[] {
  if (target.netns === null) return []
  return [fact('in', nameOf(shown(state).world, target.netns), 'netns')]
}

function byWords({ via, rule, process }: PublishedPort): string {
  if (rule !== null) {
    const what = via === 'ipvs' ? ', which marks it for IPVS; that chooses who gets it' : ''
    return `${ruleSentence(rule)}${what}`
  }
  switch (via) {
    case 'engine':
      return 'its engine says so; no rule and no process that does it was seen'
    case 'ipvs':
      return 'IPVS'
    case 'dnat':
      return 'a rule'
    case 'proxy':
    case 'rootless':
      return `a process that takes the connection and passes it on${process === null ? '' : `: ${process.name} pid ${process.pid}`}`
    default:
      return via satisfies never
  }
}

/** Beside a rule a process may listen on the port too, for what comes from the host itself. */
function processFact({ process, rule }: PublishedPort): readonly Fact[] {
  if (process === null || rule === null) return []
  return [fact('beside it', `${process.name} pid ${process.pid} listens there for the host itself`)]
}

/** What publishes it, and who listens. */
function commands(state: State, { netns, rule, target }: PublishedPort): readonly Fact[] {
  const { world } = shown(state)
  const here = netnsOf(world, netns)
  const there = target.netns === null ? null : netnsOf(world, target.netns)
  if (world === null) return []
  const lines = [
    here === null ? null : insideCommand(world, here, rule === null ? 'ss -ltunp' : ruleCommand(rule)),
    there === null ? null : insideCommand(world, there, 'ss -ltunp'),
  ]
  return [...new Set(lines)].flatMap((line) =>
    line === null ? [] : [{ label: '$', spans: [span(line, 'key')], alone: true }],
  )
}
