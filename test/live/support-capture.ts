/** Captures on a played host: the runner itself, without the program around it. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, vi } from 'vitest'
import { runCapture } from '../../src/probe/capture/run-capture.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { CapturedPacket, CaptureRequest, CaptureResult } from '../../src/model/capture.ts'
import type { Outcome } from '../../src/lib/failure.ts'
import type { Place, ProbeEvent, ProbeOrder } from '../../src/model/probe.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import type { TestHost } from '../support/host.ts'
import { placeIn } from '../support/place-in.ts'

/** Of fault-lab.ts and of whoever reads captures back. */
export const captureTools = [
  'ip',
  'iptables',
  'nft',
  'ping',
  'tcpdump',
  'bridge',
  'sysctl',
  'python3',
  'tshark',
  'capinfos',
]

/** Of fault-lab.ts: n1's end of its pair, the host's end, the bridge, the uplink. */
export function wayOf(host: TestHost): Parameters<typeof captureOf>[0] {
  return [
    { place: placeIn(host, 'n1'), link: 'eth0', label: 'eth0@n1' },
    { place: placeIn(host, null), link: 'v1' },
    { place: placeIn(host, null), link: 'br0' },
    { place: placeIn(host, null), link: 'up0' },
  ]
}

/** Every packet passed by then, on every link. */
export function untilTold({ packets }: Pick<Capturing, 'packets'>, count: number): Promise<void> {
  return vi.waitFor(() => expect(packets.length).toBeGreaterThanOrEqual(count), { timeout: 10_000 })
}

export function captureOf(
  links: readonly {
    readonly place: Place
    readonly link: string
    readonly label?: string
    readonly order?: number
  }[],
  more: Partial<CaptureRequest> = {},
): CaptureRequest {
  const [first] = links
  if (first === undefined) throw new Error('no link')
  return {
    kind: 'capture',
    place: first.place,
    links: links.map(({ place, link, label, order }, at) => ({
      place,
      link,
      label: label ?? link,
      order: order ?? at,
    })),
    filter: '',
    count: null,
    durationMs: null,
    maxBytes: null,
    snapLength: 0,
    file: null,
    keepMs: 0,
    names: {},
    ...more,
  }
}

export type Capturing = {
  readonly events: readonly ProbeEvent[]
  readonly packets: readonly CapturedPacket[]
  readonly bytes: () => Buffer
  readonly notes: () => readonly string[]
  readonly listening: Promise<void>
  readonly ended: Promise<Outcome<CaptureResult>>
  stop(): void
  order(order: ProbeOrder): void
}

export function capture(
  request: CaptureRequest,
  pace: Partial<Pick<ProbeContext, 'isAhead' | 'drained'>> = {},
): Capturing {
  const events: ProbeEvent[] = []
  const packets: CapturedPacket[] = []
  const stop = new AbortController()
  const orders: ((order: ProbeOrder) => void)[] = []
  let began: () => void = () => {}
  const listening = new Promise<void>((resolve) => (began = resolve))
  const context: ProbeContext = {
    sockets: () => Promise.reject(new Error('a capture opens no socket')),
    emit: (event) => {
      events.push(event)
      if (event.type === 'packet') packets.push(event.packet)
      if (event.type === 'line' && event.text.startsWith('listening on')) began()
    },
    isAhead: pace.isAhead ?? (() => false),
    drained: pace.drained ?? (() => Promise.resolve()),
    signal: stop.signal,
    onOrder: (listener) => void orders.push(listener),
  }
  const ended = runCapture(request, context)
  return {
    events,
    packets,
    bytes: () => Buffer.concat(events.flatMap((event) => (event.type === 'bytes' ? [event.data] : []))),
    notes: () =>
      events.flatMap((event) => (event.type === 'line' || event.type === 'told' ? [event.text] : [])),
    // Who cannot begin ends, and a test that waits should not wait for ever.
    listening: Promise.race([listening, ended.then(() => undefined)]),
    ended,
    stop: () => stop.abort(),
    order: (order) => {
      for (const listener of orders) listener(order)
    },
  }
}

/** The tcpdumps that listen on links of this host or its namespaces now. */
export function tcpdumpsOf(host: TestHost): readonly number[] {
  const named = host.try(['ls', '/run/netns']).stdout.split('\n').filter(Boolean)
  const namespaces = new Set([null, ...named].map((name) => placeIn(host, name).netns.id))
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isTcpdump = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'tcpdump'
      return isTcpdump && namespaces.has(netnsId(statSync(`/proc/${pid}/ns/net`).ino)) ? [Number(pid)] : []
    } catch {
      return []
    }
  })
}

export async function resultOf({ ended }: Capturing): Promise<CaptureResult> {
  const outcome = await ended
  if (!outcome.ok) throw new Error(outcome.failure.what)
  return outcome.value
}
