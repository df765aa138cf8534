/** Probes on the recorded host, as the helper would tell of them. */
import type { NetnsRef } from '../src/model/ids.ts'
import type { World } from '../src/model/world.ts'
import {
  captureRequest,
  captureResult,
  connectedTcp,
  dnsRequest,
  droppedTcp,
  ended,
  halfSilentDns,
  packet,
  pingRequest,
  placeIn,
  reply,
  started,
  tcpRequest,
  told,
} from '../test/tui-unit/probes-world.ts'
import type { Screen } from '../test/tui-unit/screen.ts'

function called(world: World, name: string): NetnsRef {
  const netns = world.netns.find(({ names }) => names.some((each) => each.name === name))
  if (netns === undefined) throw new Error(name)
  return { id: netns.id, name }
}

/** Of four the last pings, and the one before was dropped by a rule. */
export function probedOf(it: Screen, world: World): void {
  const nginx = called(world, 'nginx1')
  const redis = called(world, 'redis123')
  const place = placeIn(nginx)
  const first = started(it, tcpRequest({ place }), 'tcp redis123:6379')
  ended(it, first, connectedTcp())
  it.now += 4000
  const dns = started(it, { ...dnsRequest, place: placeIn(redis) }, 'dns www')
  it.now += 5000
  ended(it, dns, halfSilentDns)
  const dropped = started(it, tcpRequest({ place }), 'tcp redis123:6379')
  it.now += 2000
  ended(it, dropped, { ...droppedTcp, netns: nginx })
  const ping = started(it, pingRequest({ place, count: 60 }), 'ping 198.51.100.1 --count 60')
  for (let at = 1; at <= 40; at += 1) {
    const ms = at % 17 === 0 ? null : Math.round(20 + 15 * Math.abs(Math.sin(at / 4))) / 100
    told(it, ping, ...reply(at, ms))
  }
}

/** A capture along the way of a packet that does not leave the host. */
export function capturedOf(it: Screen, world: World): void {
  const nginx = called(world, 'nginx1')
  const [first, ...others] = captureRequest().links
  if (first === undefined) throw new Error('no links')
  const links = [{ ...first, place: placeIn(nginx) }, ...others]
  const number = started(it, captureRequest({ place: placeIn(nginx), links }), 'capture --way 198.51.100.1 icmp')
  const places = ['eth0@nginx1', 'vethe8201cd', 'docker0']
  const events = Array.from({ length: 36 }, (_, at) => {
    const seq = Math.floor(at / places.length) + 1
    const link = places[at % places.length] ?? ''
    return { type: 'packet', packet: { ...packet(seq, link, it.now + seq * 1000 + at), number: at } } as const
  })
  told(it, number, ...events)
  it.now += 12_000
  ended(it, number, captureResult)
}
