/** Each kind's request, of the words and options of its line. What is not given is as the command line has it. */
import { hopNames } from '../../derive/probe/hop-names.ts'
import { hostPortsOf, listenOn } from '../../derive/probe/host-ports.ts'
import { nameServer, parseResolvConf } from '../../derive/probe/resolv-conf.ts'
import { resolverOf } from '../../derive/probe/resolver.ts'
import { reverseName } from '../../derive/probe/reverse-name.ts'
import { soughtOf } from '../../derive/probe/sought.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { dnsTypes, type ProbeRequest, type Sought } from '../../model/probe.ts'
import { captureAsked } from './probe-capture.ts'
import { httpAsked } from './probe-http.ts'
import { matrixAsked } from './probe-matrix.ts'
import type { FormKind } from './probe-kinds.ts'
import { familyOf, millisecondsOf, numberOf, onlyWord, usage, watching, type Asking } from './probe-line.ts'

export function requestOf(kind: FormKind, asking: Asking): Outcome<ProbeRequest> {
  switch (kind) {
    case 'ping':
      return pingOf(asking)
    case 'tcp':
    case 'udp':
      return portsOf(kind, asking)
    case 'dns':
      return dnsOf(asking)
    case 'http':
      return httpAsked(asking)
    case 'traceroute':
      return tracerouteOf(asking)
    case 'listen':
      return listenOf(asking)
    case 'capture':
      return captureAsked(asking)
    case 'matrix':
      return matrixAsked(asking)
    case 'tool':
      return toolOf(asking)
    default:
      return kind satisfies never
  }
}

function sought({ world, netns, line }: Asking, text: string): Outcome<Sought> {
  return soughtOf(world, netns, text, familyOf(line))
}

function pingOf(asking: Asking): Outcome<ProbeRequest> {
  const { line, place } = asking
  const word = onlyWord(line, 'a target')
  if (!word.ok) return word
  const target = sought(asking, word.value)
  if (!target.ok) return target
  const count = numberOf(line, 'count') ?? 4
  return succeeded({
    kind: 'ping',
    place,
    watch: watching(asking, [target.value]),
    target: target.value,
    count: count === 0 ? null : count,
    intervalMs: millisecondsOf(line, 'interval', 1000),
    size: numberOf(line, 'size') ?? 56,
    dontFragment: line.given.has('df'),
    ttl: numberOf(line, 'ttl'),
    link: line.given.get('link')?.[0] ?? null,
    timeoutMs: millisecondsOf(line, 'timeout', 1000),
    findMtu: line.given.has('mtu'),
  })
}

/** It runs until it ends by itself, or is stopped. */
function toolOf({ place, line }: Asking): Outcome<ProbeRequest> {
  const [program] = line.words
  if (program === undefined || program === '') return usage('type a program of this host, and its arguments')
  return succeeded({ kind: 'tool', place, argv: line.words, timeoutMs: null })
}

/** Linux hosts tell about one closed port a second. */
const mostUdpPorts = 1024

function portsOf(kind: 'tcp' | 'udp', asking: Asking): Outcome<ProbeRequest> {
  const { line, place } = asking
  const word = onlyWord(line, 'HOST:PORT')
  if (!word.ok) return word
  const end = hostPortsOf(word.value)
  if (!end.ok) return end
  const { host, ports } = end.value
  const target = sought(asking, host)
  if (!target.ok) return target
  const common = { place, watch: watching(asking, [target.value]), target: target.value, ports }
  if (kind === 'tcp')
    return succeeded({
      kind,
      ...common,
      timeoutMs: millisecondsOf(line, 'timeout', 5000),
      bannerMs: millisecondsOf(line, 'banner', 500),
    })
  if (ports.length > mostUdpPorts) return usage(`${ports.length} ports are more than ${mostUdpPorts}`)
  return succeeded({
    kind,
    ...common,
    timeoutMs: millisecondsOf(line, 'timeout', 3000),
    payload: line.given.get('payload')?.[0] ?? '',
  })
}

function dnsOf(asking: Asking): Outcome<ProbeRequest> {
  const { line, place, world, netns } = asking
  const word = onlyWord(line, 'a name, or an address')
  if (!word.ok) return word
  const name = word.value
  if (name.length > 253 || /[\s\p{Cc}\p{Cf}/]/u.test(name)) return usage(`"${name}" is not a name`)
  const type = dnsTypes.find((each) => each === line.given.get('type')?.[0]) ?? null
  if (reverseName(name) !== null && type !== null && type !== 'PTR')
    return usage(`${name} is an address: it has no ${type} record`)
  const resolver = resolverOf(world, netns)
  const server = serverOf(asking)
  if (!server.ok) return server
  const asked = server.value === null ? parseResolvConf(resolver.resolvConf).servers : [server.value]
  return succeeded({
    kind: 'dns',
    place,
    watch: watching(
      asking,
      asked.map(({ text, address, family }) => ({ text, address, family, from: null })),
    ),
    name,
    type,
    resolver,
    server: server.value?.text ?? null,
    timeoutMs: millisecondsOf(line, 'timeout', 5000),
  })
}

/** An address, with its port where that is not 53, or a name of the World. */
function serverOf({ world, netns, line }: Asking): Outcome<ReturnType<typeof nameServer>> {
  const text = line.given.get('server')?.[0]
  if (text === undefined) return succeeded(null)
  const given = nameServer(text)
  if (given !== null) return succeeded(given)
  const found = soughtOf(world, netns, text)
  if (!found.ok) return found
  const server = 'address' in found.value ? nameServer(found.value.address) : null
  return server === null
    ? usage(`--server: "${text}" is neither an address nor a container`)
    : succeeded(server)
}

function tracerouteOf(asking: Asking): Outcome<ProbeRequest> {
  const { line, place } = asking
  const word = onlyWord(line, 'a target')
  if (!word.ok) return word
  const target = sought(asking, word.value)
  if (!target.ok) return target
  const method = line.given.has('icmp') ? 'icmp' : line.given.has('tcp') ? 'tcp' : 'udp'
  return succeeded({
    kind: 'traceroute',
    place,
    watch: watching(asking, [target.value]),
    target: target.value,
    maxHops: numberOf(line, 'max-hops') ?? 30,
    probes: numberOf(line, 'probes') ?? 3,
    timeoutMs: millisecondsOf(line, 'timeout', 1000),
    method,
    port: numberOf(line, 'port'),
    mtu: line.given.has('mtu'),
    names: hopNames(asking.world),
  })
}

function listenOf({ line, place, world }: Asking): Outcome<ProbeRequest> {
  const word = onlyWord(line, 'a port, or ADDRESS:PORT')
  if (!word.ok) return word
  const where = listenOn(word.value)
  if (!where.ok) return where
  const timeout = numberOf(line, 'timeout')
  return succeeded({
    kind: 'listen',
    place,
    protocol: line.given.has('udp') ? 'udp' : 'tcp',
    ...where.value,
    count: numberOf(line, 'count'),
    timeoutMs: timeout === null ? null : Math.round(timeout * 1000),
    ...(line.given.has('http') ? { answers: hopNames(world) } : {}),
  })
}
