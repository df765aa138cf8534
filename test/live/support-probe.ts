/** Ping and traceroute on a played host: the runners themselves, without the program around them. */
import type { Outcome } from '../../src/lib/failure.ts'
import type { PingRequest, Place, ProbeEvent, Target, TracerouteRequest } from '../../src/model/probe.ts'
import type { PingResult, TracerouteResult } from '../../src/model/probe-result.ts'
import { runPing } from '../../src/probe/ping/run-ping.ts'
import { loadSockets } from '../../src/probe/socket/sockets.ts'
import { runTraceroute } from '../../src/probe/traceroute/run-traceroute.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import type { TestHost } from '../support/host.ts'
import { placeIn } from '../support/place-in.ts'

export function target(address: string): Target {
  return { text: address, address, family: address.includes(':') ? 6 : 4, from: null }
}

/** What a runner is given, and what it told. */
export function contextOf(stop = new AbortController()) {
  const events: ProbeEvent[] = []
  const context: ProbeContext = {
    sockets: loadSockets,
    emit: (event) => void events.push(event),
    isAhead: () => false,
    drained: () => Promise.resolve(),
    signal: stop.signal,
    onOrder: () => {},
  }
  const lines = (): readonly string[] =>
    events.flatMap((event) => (event.type === 'line' ? [event.text] : []))
  const samples = (): readonly (number | null)[] =>
    events.flatMap((event) => (event.type === 'sample' ? [event.ms] : []))
  return { context, events, lines, samples, stop: () => stop.abort() }
}

export function pinging(place: Place, address: string, more: Partial<PingRequest> = {}) {
  const told = contextOf()
  const ended = runPing(
    {
      kind: 'ping',
      place,
      target: target(address),
      count: 2,
      intervalMs: 20,
      size: 56,
      dontFragment: false,
      ttl: null,
      link: null,
      timeoutMs: 500,
      findMtu: false,
      ...more,
    },
    told.context,
  )
  return { ...told, ended }
}

export async function ping(
  place: Place,
  address: string,
  more: Partial<PingRequest> = {},
): Promise<PingResult & { readonly lines: readonly string[]; readonly samples: readonly (number | null)[] }> {
  const { ended, lines, samples } = pinging(place, address, more)
  return { ...valueOf(await ended), lines: lines(), samples: samples() }
}

export async function traceroute(
  place: Place,
  address: string,
  more: Partial<TracerouteRequest> = {},
): Promise<TracerouteResult & { readonly lines: readonly string[] }> {
  const { context, lines } = contextOf()
  const outcome = await runTraceroute(
    {
      kind: 'traceroute',
      place,
      target: target(address),
      maxHops: 30,
      probes: 2,
      timeoutMs: 500,
      method: 'udp',
      port: null,
      ...more,
    },
    context,
  )
  return { ...valueOf(outcome), lines: lines() }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.failure.what)
  return outcome.value
}

/**
 * a — r1 — r2 — r3 — b, each link a network of its own: 10.N.0.0/24 and fd00:N::/64, the left end .1 and the right end
 * .2; a is 10.1.0.1 and b 10.4.0.2. Routers forward and answer every packet that they do not pass on.
 */
export function layChain(host: TestHost): void {
  const names = ['a', 'r1', 'r2', 'r3', 'b']
  host.ip(...names.map((name) => `netns add ${name}`))
  const inside = (name: string, ...lines: readonly string[]) =>
    host.run(['ip', '-n', name, '-batch', '-'], { input: `${lines.join('\n')}\n` })
  for (const [at, right] of names.slice(1).entries()) {
    const left = names[at] ?? ''
    const net = at + 1
    inside(
      left,
      'link set lo up',
      `link add out type veth peer name in netns ${right}`,
      `addr add 10.${net}.0.1/24 dev out`,
      `addr add fd00:${net}::1/64 dev out nodad`,
      'link set out up',
    )
    inside(
      right,
      'link set lo up',
      `addr add 10.${net}.0.2/24 dev in`,
      `addr add fd00:${net}::2/64 dev in nodad`,
      'link set in up',
    )
  }
  const forward = `
    echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
    echo 0 > /proc/sys/net/ipv4/icmp_ratemask; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit`
  for (const router of ['r1', 'r2', 'r3']) host.run(['ip', 'netns', 'exec', router, 'sh', '-ec', forward])
  // To the right by default, and to the left as far as somebody stands there. r3 knows nothing else.
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1
    inside(
      name,
      ...(at >= 3
        ? []
        : [`route add default via 10.${at + 1}.0.2`, `route add default via fd00:${at + 1}::2`]),
      ...(isLast ? [`route add default via 10.${at}.0.1`, `route add default via fd00:${at}::1`] : []),
      ...Array.from({ length: isLast ? 0 : Math.max(0, at - 1) }, (_, net) => [
        `route add 10.${net + 1}.0.0/24 via 10.${at}.0.1`,
        `route add fd00:${net + 1}::/64 via fd00:${at}::1`,
      ]).flat(),
    )
  }
}

/** A new namespace of that name, also where a test is tried again. */
export function freshNetns(host: TestHost, name: string): Place {
  host.try(['ip', 'netns', 'del', name])
  host.ip(`netns add ${name}`)
  host.run(['ip', '-n', name, 'link', 'set', 'lo', 'up'])
  return placeIn(host, name)
}

/** Both ends of the link between r2 and r3. */
export function narrow(host: TestHost, mtu: number): void {
  host.run(['ip', '-n', 'r2', 'link', 'set', 'out', 'mtu', String(mtu)])
  host.run(['ip', '-n', 'r3', 'link', 'set', 'in', 'mtu', String(mtu)])
  // What was learned of the way before.
  for (const name of ['a', 'b']) {
    host.run(['ip', '-n', name, 'route', 'flush', 'cache'])
    host.run(['ip', '-n', name, '-6', 'route', 'flush', 'cache'])
  }
}

/** Waits until a packet gets through: addresses and neighbours of new links need a moment. */
export async function untilThrough(place: Place, address: string): Promise<void> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
    if ((await ping(place, address, { count: 1, timeoutMs: 300 })).ok) return
  }
  throw new Error(`${address} did not answer in 15 s`)
}
