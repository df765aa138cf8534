/** Captures on the real kernel: where a flow was seen and where not, counts, files, and what ends them. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildLab, outside } from '../support/fault-lab.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'
import {
  capture,
  captureOf,
  resultOf,
  tcpdumpsOf,
  captureTools,
  untilTold,
  wayOf,
} from './support-capture.ts'

if (requires({ root: true, tools: captureTools })) {
  let host: TestHost
  let folder: string
  const inside = (netns: string, ...command: readonly string[]) =>
    host.try(['ip', 'netns', 'exec', netns, ...command])

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vethscope-capture-'))
    host = await playHost('caphost')
    buildLab(host)
  })
  afterAll(async () => {
    await host.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a ping is followed along the way, through its masquerading, and back', async () => {
    const it = capture(captureOf(wayOf(host), { filter: 'icmp' }))
    await it.listening
    expect(inside('n1', 'ping', '-c', '3', '-i', '0.2', outside).code).toBe(0)
    await untilTold(it, 24)
    it.stop()
    const result = await resultOf(it)
    expect(result).toMatchObject({ captured: 24, dropped: 0, because: 'stopped', onWay: true })
    expect(result.links.map(({ label, packets, ended }) => [label, packets, ended])).toEqual([
      ['eth0@n1', 6, null],
      ['v1', 6, null],
      ['br0', 6, null],
      ['up0', 6, null],
    ])
    expect(result.flows).toHaveLength(1)
    expect(result.flows[0]).toMatchObject({ packets: 3, lastSeen: 'up0', next: null, notSeen: [] })
    expect(result.flows[0]?.flow).toMatch(/^icmp 10\.7\.0\.2 > 198\.51\.100\.1 id \d+$/)
    expect(result.flows[0]?.translated[0]).toMatch(/^icmp 198\.51\.100\.2 > 198\.51\.100\.1 id \d+$/)
    expect(result.flows[0]?.back).toMatchObject({ packets: 3, lastSeen: 'eth0@n1', next: null })
    // In the order of time, each request on its way out and each reply on its way back.
    const places = it.packets.map(({ link }) => link)
    const there = ['eth0@n1', 'v1', 'br0', 'up0']
    const once = [...there, ...there.toReversed()]
    expect(places).toEqual([...once, ...once, ...once])
    expect(new Set(it.packets.map(({ flow }) => flow))).toEqual(new Set([result.flows[0]?.flow]))
    expect(it.packets.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, at) => at + 1))
  })

  test('what FORWARD drops was last seen on the bridge, and not on the uplink', async () => {
    host.run(['iptables', '-I', 'FORWARD', '-p', 'icmp', '-j', 'DROP'])
    const it = capture(captureOf(wayOf(host), { filter: 'icmp' }))
    await it.listening
    expect(inside('n1', 'ping', '-c', '2', '-i', '0.2', '-W', '1', outside).code).toBe(1)
    await untilTold(it, 6)
    it.stop()
    const { flows } = await resultOf(it)
    host.run(['iptables', '-D', 'FORWARD', '-p', 'icmp', '-j', 'DROP'])
    expect(flows).toHaveLength(1)
    expect(flows[0]).toMatchObject({ lastSeen: 'br0', next: 'up0', notSeen: ['up0'], back: null })
    expect(flows[0]?.seen.map(({ link }) => link)).toEqual(['eth0@n1', 'v1', 'br0'])
  })

  test('answers that are lost are told apart from requests, and so are ICMP errors', async () => {
    host.run(['iptables', '-I', 'FORWARD', '-p', 'icmp', '--icmp-type', 'echo-reply', '-j', 'DROP'])
    const it = capture(captureOf(wayOf(host), { filter: 'icmp or udp port 9' }))
    await it.listening
    inside('n1', 'ping', '-c', '1', '-W', '1', outside)
    await untilTold(it, 5)
    host.run(['iptables', '-D', 'FORWARD', '-p', 'icmp', '--icmp-type', 'echo-reply', '-j', 'DROP'])
    host.run([
      'iptables',
      '-I',
      'FORWARD',
      '-p',
      'udp',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-admin-prohibited',
    ])
    inside('n1', 'python3', '-c', `import socket; socket.socket(2,2).sendto(b"x", ("${outside}", 9))`)
    await untilTold(it, 11)
    it.stop()
    host.run([
      'iptables',
      '-D',
      'FORWARD',
      '-p',
      'udp',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-admin-prohibited',
    ])
    const { flows } = await resultOf(it)
    const [ping, datagram] = flows
    expect(ping).toMatchObject({ lastSeen: 'up0', next: null, errors: [] })
    expect(ping?.back).toMatchObject({ lastSeen: 'up0', next: 'br0', notSeen: ['br0', 'v1', 'eth0@n1'] })
    expect(datagram).toMatchObject({ lastSeen: 'br0', next: 'up0' })
    expect(datagram?.flow).toMatch(/^udp 10\.7\.0\.2:\d+ > 198\.51\.100\.1:9$/)
    expect(datagram?.errors).toEqual(['administratively prohibited, from 10.7.0.1'])
    expect(datagram?.back).toMatchObject({ lastSeen: 'eth0@n1', next: null })
  })

  test('a wrong filter, a missing link, a missing folder are said before anything starts', async () => {
    const links = [{ place: placeIn(host, null), link: 'br0' }]
    const failure = async (more: Parameters<typeof captureOf>[1], of = links) => {
      const outcome = await capture(captureOf(of, more)).ended
      return outcome.ok ? null : outcome.failure
    }
    expect(await failure({ filter: 'icmp ande arp' })).toMatchObject({
      kind: 'usage',
      what: 'the filter "icmp ande arp" is wrong: can\'t parse filter expression: syntax error',
    })
    expect(await failure({}, [{ place: placeIn(host, null), link: 'gone0' }])).toMatchObject({
      kind: 'not-found',
      what: 'cannot capture on gone0: there is no such link any more',
    })
    expect(await failure({ file: join(folder, 'no/such/x.pcapng') })).toMatchObject({ kind: 'not-found' })
    // Good for Ethernet, wrong for the link: still a filter that is wrong, and no file is left.
    host.ip('tuntap add dev tun9 mode tun', 'link set tun9 up')
    const tun = [{ place: placeIn(host, null), link: 'tun9' }]
    const file = join(folder, 'tun.pcapng')
    expect(await failure({ filter: 'ether host 02:00:00:00:00:01', file }, tun)).toMatchObject({
      kind: 'usage',
    })
    expect(existsSync(file)).toBe(false)
  })

  test('a link that vanishes ends its part with a sentence; the others go on', async () => {
    host.ip('link add x0 type veth peer name x1', 'link set x0 up', 'link set x1 up')
    const own = placeIn(host, null)
    const it = capture(
      captureOf(
        [
          { place: own, link: 'x0' },
          { place: own, link: 'br0' },
        ],
        { filter: 'icmp' },
      ),
    )
    await it.listening
    host.ip('link del x0')
    await vi.waitFor(() => expect(it.notes()).toContain('x0: the link vanished'), { timeout: 5000 })
    inside('n1', 'ping', '-c', '1', '10.7.0.1')
    await untilTold(it, 2)
    it.stop()
    const { links, because } = await resultOf(it)
    expect(because).toBe('stopped')
    expect(links.map(({ packets, ended }) => [packets, ended])).toEqual([
      [0, 'the link vanished'],
      [2, null],
    ])
  })

  test('a namespace that is removed is let go of, with its links', async () => {
    host.ip('netns add brief', 'link add b0 type veth peer name eth0 netns brief', 'link set b0 up')
    host.run(['ip', '-n', 'brief', 'link', 'set', 'eth0', 'up'])
    const it = capture(captureOf([{ place: placeIn(host, 'brief'), link: 'eth0', label: 'eth0@brief' }]))
    await it.listening
    host.run(['ip', 'netns', 'del', 'brief'])
    const { because, links } = await resultOf(it)
    expect([because, links[0]?.ended]).toEqual(['links gone', 'its namespace was removed'])
    // Nothing keeps the pair: it goes with the namespace.
    await vi.waitFor(() => expect(host.try(['ip', 'link', 'show', 'b0']).code).not.toBe(0), { timeout: 5000 })
  })

  test('it ends by time and by size, and no tcpdump is left', async () => {
    const links = [{ place: placeIn(host, null), link: 'br0' }]
    const byTime = capture(captureOf(links, { durationMs: 300 }))
    await byTime.listening
    expect(tcpdumpsOf(host)).toHaveLength(1)
    expect((await resultOf(byTime)).because).toBe('duration')
    const bySize = capture(captureOf(links, { filter: 'icmp', maxBytes: 250 }))
    await bySize.listening
    inside('n1', 'ping', '-c', '3', '-i', '0.2', '10.7.0.1')
    expect(await resultOf(bySize)).toMatchObject({ because: 'size', captured: 3 })
    expect(tcpdumpsOf(host)).toEqual([])
  })
}
