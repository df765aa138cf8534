/** What people type to see the same: a tool of the host inside the namespace, and vethscope's own line. */
import { insideCommand } from '../../derive/inside-command.ts'
import { captureCommand } from '../../derive/probe/capture-command.ts'
import { dnsCommand } from '../../derive/probe/dns-command.ts'
import { httpCommand } from '../../derive/probe/http-command.ts'
import { pingCommand } from '../../derive/probe/ping-command.ts'
import { quoted } from '../../lib/quoted.ts'
import type { ListenRequest, PingRequest, ProbeRequest, Sought } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { netnsOf } from '../select/shown.ts'
import type { ProbeRun } from './probes-state.ts'

/** null: no tool does the same. */
export function hostCommand({ request }: Pick<ProbeRun, 'request'>, world: World | null): string | null {
  if (request.kind === 'ping') {
    const netns = netnsOf(world, request.place.netns.id)
    return world === null || netns === null ? null : pingCommand(world, netns, request)
  }
  const argv = toolOf(request)
  if (argv === null) return null
  const command = argv.map(quoted).join(' ')
  const { netns, paths } = placeOf(request)
  const there = netnsOf(world, netns.id)
  const inside = world === null || there === null ? null : insideCommand(world, there, command)
  const [path] = paths
  if (inside !== null) return inside
  return path === undefined ? null : `nsenter --net=${quoted(path)} ${command}`
}

/** tcpdump listens where the first link is. */
function placeOf(request: ProbeRequest): ProbeRequest['place'] {
  return request.kind === 'capture' ? (request.links[0]?.place ?? request.place) : request.place
}

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)))

function toolOf(request: Exclude<ProbeRequest, PingRequest>): readonly string[] | null {
  switch (request.kind) {
    case 'tcp':
    case 'udp':
      return [
        'nc',
        request.kind === 'tcp' ? '-vz' : '-vzu',
        '-w',
        seconds(request.timeoutMs),
        addressOf(request.target),
        ...request.ports.map(String),
      ]
    case 'listen':
      if (request.answers !== undefined)
        return ['python3', '-m', 'http.server', '--bind', request.address, String(request.port)]
      return ['nc', request.protocol === 'tcp' ? '-lvk' : '-lvku', request.address, String(request.port)]
    case 'dns':
      return dnsCommand(request)
    case 'http':
      return httpCommand(request)
    case 'traceroute':
      return [
        'traceroute',
        ...{ udp: [], icmp: ['-I'], tcp: ['-T'] }[request.method],
        ...(request.port === null ? [] : ['-p', String(request.port)]),
        '-m',
        String(request.maxHops),
        '-q',
        String(request.probes),
        addressOf(request.target),
      ]
    case 'capture':
      return captureCommand(request)
    case 'tool':
      return request.argv
    case 'matrix':
      return null
    default:
      return request satisfies never
  }
}

function addressOf(target: Sought): string {
  return 'address' in target ? target.address : target.text
}

/** The same as a command of this program. `what` is the kind and what was asked of it, as its line takes it. */
export function vethscopeLine({ what, request, from }: ProbeRun): string {
  const { kind } = request
  if (kind === 'matrix') return `vethscope matrix ${quoted(request.network)}`
  if (kind === 'tool') return `vethscope exec ${quoted(from.name)} -- ${request.argv.map(quoted).join(' ')}`
  // There is no command of that name.
  if (kind === 'listen') return `vethscope ${listenWords(request, from.name)}`
  const rest = what.startsWith(`${kind} `) ? what.slice(kind.length + 1) : what
  return `vethscope ${kind} ${quoted(from.name)} ${rest}`.trimEnd()
}

function listenWords({ protocol, address, port, count, answers }: ListenRequest, from: string): string {
  const where = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const how = answers === undefined ? `${protocol} ${quoted(from)} --listen` : `http ${quoted(from)} --serve`
  return `${how} ${quoted(where)}${count === null ? '' : ` --count ${count}`}`
}
