/** `[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]`, as Docker's --publish writes it, held against what the host's ports are used for. */
import type { Failure } from '../../lib/failure.ts'
import { normalIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Lab, LabPort } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { misuse, planned, refused, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { hostPortUser, isHostAddress, type Unread } from './used-ports.ts'

type Asked = {
  readonly world: World
  readonly lab: Lab
  /** Whose ports they will be. */
  readonly node: string
  /** Whether what names no address is published for IPv6 too. */
  readonly ipv6: boolean
}

/** What is to be published; every reason why not, where there is any. */
export function parsePorts(texts: readonly string[], asked: Asked): Planned<readonly LabPort[]> {
  const ports: LabPort[] = []
  const refusals: Failure[] = []
  for (const text of texts) {
    const parsed = portsOf(text, asked.ipv6)
    if ('kind' in parsed) {
      refusals.push(parsed)
      continue
    }
    for (const port of parsed) {
      const twice = ports.some((each) => overlaps(each, port))
      const why = twice ? 'it is asked for twice' : whyNot(port, asked)
      if (why === null) ports.push(port)
      else refusals.push(cannot(port, why))
    }
  }
  return refusals.length > 0 ? refused(...refusals) : planned(ports)
}

/** The same without a look at the host: what `unpublish` means. */
export function portsNamed(texts: readonly string[]): Planned<readonly LabPort[]> {
  const all = texts.map((text) => portsOf(text, true))
  const refusals = all.flatMap((each) => ('kind' in each ? [each] : []))
  return refusals.length > 0
    ? refused(...refusals)
    : planned(all.flatMap((each) => ('kind' in each ? [] : each)))
}

/** `0.0.0.0:8080:80/tcp`, as it is asked for. */
export function publishText({ hostIp, hostPort, port, protocol }: LabPort): string {
  return `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:${hostPort}:${port}/${protocol}`
}

function cannot(port: LabPort, why: string | Unread): Failure {
  const subject = publishText(port)
  if (typeof why !== 'string')
    return unreadable(subject, `cannot publish ${subject}: ${why.of}`, why.why, why.hint)
  return { kind: 'refused', what: `cannot publish ${subject}: ${why}`, subject }
}

function whyNot(port: LabPort, asked: Asked): string | Unread | null {
  if (port.hostIp === '::1')
    return '[::1] cannot be sent to another address: the kernel routes it nowhere but to lo; publish another address'
  if (!isHostAddress(asked.world, port.hostIp)) return `${port.hostIp} is no address of the host`
  const other = asked.lab.nodes.find(({ ports }) => ports.some((each) => overlaps(each, port)))
  if (other?.name === asked.node) return `node ${other.name} publishes it already`
  if (other !== undefined) return `node ${other.name} has this port`
  return hostPortUser(asked.world, port)
}

/** Whether two would meet on the host. */
function overlaps(one: LabPort, other: LabPort): boolean {
  if (one.hostPort !== other.hostPort || one.protocol !== other.protocol) return false
  const isSix = one.hostIp.includes(':')
  if (isSix !== other.hostIp.includes(':')) return false
  const every = isSix ? '::' : '0.0.0.0'
  return one.hostIp === other.hostIp || one.hostIp === every || other.hostIp === every
}

const form = '[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp], such as 8080:80'

function portsOf(text: string, ipv6: boolean): readonly LabPort[] | Failure {
  const bad = (why: string): Failure => {
    const subject = sanitise(text)
    return misuse(subject, `cannot publish "${subject}": ${why}`, form)
  }
  const [, six, four, host = '', inside = '', protocol = 'tcp'] =
    /^(?:\[([^\]]*)\]:|([^:/]*):)?([\d-]+):([\d-]+)(?:\/(.*))?$/s.exec(text) ?? []
  if (host === '') return bad('that is no port of the host and one of the node')
  if (protocol !== 'tcp' && protocol !== 'udp') return bad(`"${sanitise(protocol)}" is neither tcp nor udp`)
  const named = six ?? four
  const hostIp = named === undefined ? null : normalIp(named)
  if (named !== undefined && (hostIp === null || hostIp.includes(':') !== (six !== undefined)))
    return bad(`${sanitise(named)} is no address`)
  const [outer, inner] = [rangeOf(host), rangeOf(inside)]
  if (typeof outer === 'string') return bad(outer)
  if (typeof inner === 'string') return bad(inner)
  const [outerCount, innerCount] = [outer.last - outer.first + 1, inner.last - inner.first + 1]
  if (outerCount !== innerCount)
    return bad(
      `${host} are ${outerCount} ports and ${inside} ${innerCount === 1 ? 'is one' : `are ${innerCount}`}`,
    )
  const hostIps = hostIp === null ? ['0.0.0.0', ...(ipv6 ? ['::'] : [])] : [hostIp]
  return Array.from({ length: outerCount }, (_, at) => at).flatMap((at) =>
    hostIps.map((each) => ({
      hostIp: each,
      hostPort: outer.first + at,
      port: inner.first + at,
      protocol,
    })),
  )
}

/** A sentence where it is none. */
function rangeOf(text: string): { readonly first: number; readonly last: number } | string {
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === '') return `${text} is no port`
  for (const each of [from, to]) {
    const port = Number(each)
    if (port < 1 || port > 65535) return `port ${each} is not between 1 and 65535`
  }
  const [first, last] = [Number(from), Number(to)]
  return first <= last ? { first, last } : `${text} ends before it begins`
}
