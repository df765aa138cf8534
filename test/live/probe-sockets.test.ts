/** Sockets that are opened inside namespaces from here: where they are, what they hold, and what is left behind. */
import { readdirSync, readlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import { POLLERR, POLLIN, POLLOUT, SOCK_DGRAM, SOCK_RAW, SOCK_STREAM } from '../../src/probe/socket/calls.ts'
import { receivedAt } from '../../src/probe/socket/control.ts'
import { onlyType, setIpOption, wantReports } from '../../src/probe/socket/socket-options.ts'
import { sourceFor } from '../../src/probe/socket/source-for.ts'
import { loadSockets, type Sockets } from '../../src/probe/socket/sockets.ts'
import { lost } from '../../src/probe/socket/still-there.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'
import { freshNetns, ping, pinging } from './support-probe.ts'

const ready = requires({ root: true, tools: ['ip', 'nsenter', 'unshare'] })

describe.runIf(ready)('sockets inside namespaces', () => {
  let host: TestHost
  let a: Place
  let sockets: Sockets
  const home = readlinkSync('/proc/self/ns/net')

  const opened = (place: Place, type: number, family: 4 | 6 = 4, protocol = 0): number => {
    const fd = sockets.open(place, family, type, protocol)
    if (!fd.ok) throw new Error(fd.failure.what)
    return fd.value
  }
  /** Open files of this process, without those that come and go by themselves. */
  const openSockets = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')
      } catch {
        return false
      }
    }).length

  beforeAll(async () => {
    const loaded = await loadSockets()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    sockets = loaded.value
    host = await playHost('sockethost')
    host.ip('netns add a', 'netns add b', 'link add ab netns a type veth peer name ba netns b')
    for (const [name, link, end] of [
      ['a', 'ab', 1],
      ['b', 'ba', 2],
    ] as const) {
      host.run(['ip', '-n', name, '-batch', '-'], {
        input: `link set lo up\naddr add 10.5.0.${end}/24 dev ${link}\nlink set ${link} up\n`,
      })
    }
    a = placeIn(host, 'a')
  })
  afterAll(() => host.end())

  test('it is in that namespace, and this process is not', () => {
    const { calls } = sockets
    const fd = opened(a, SOCK_DGRAM)
    // Only a has that address; here it cannot be bound.
    expect(calls.bind(fd, { family: 4, address: '10.5.0.1', port: 0 })).toBe(0)
    expect(calls.localAddress(fd)).toMatchObject({ family: 4, address: '10.5.0.1' })
    calls.close(fd)
    const here = calls.socket(4, SOCK_DGRAM, 0)
    expect(calls.bind(here, { family: 4, address: '10.5.0.1', port: 0 })).toBe(-1)
    expect(calls.errno()).toBe('EADDRNOTAVAIL')
    calls.close(here)
    expect(readlinkSync('/proc/self/ns/net')).toBe(home)
    expect(sockets.inside<number>(a, (inside) => inside.linkIndex('ab'))).toMatchObject({
      ok: true,
      value: Number(JSON.parse(host.run(['ip', '-n', 'a', '-j', 'link', 'show', 'ab']))[0].ifindex),
    })
    expect(sockets.calls.linkIndex('ab')).toBe(0)
  })

  test('the way back is taken also where what is done inside throws', () => {
    expect(() =>
      sockets.inside<number>(a, () => {
        throw new Error('inside')
      }),
    ).toThrow('inside')
    expect(readlinkSync('/proc/self/ns/net')).toBe(home)
    expect(sockets.calls.linkIndex('ab')).toBe(0)
  })

  test('another namespace behind the same path is not entered, and one that is gone is told so', () => {
    const other = { ...a, netns: placeIn(host, 'b').netns }
    expect(sockets.open(other, 4, SOCK_DGRAM, 0)).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
    const gone = freshNetns(host, 'gone')
    expect(lost(sockets, gone)).toBeNull()
    host.run(['ip', 'netns', 'del', 'gone'])
    expect(lost(sockets, gone)).toMatchObject({ kind: 'not-found', what: expect.stringContaining('"gone"') })
  })

  test('nothing stays open after a ping, also one that failed or was stopped', async () => {
    const before = openSockets()
    await ping(a, '10.5.0.2')
    await ping(a, '192.0.2.1')
    await ping(a, '10.5.0.2', { link: 'nope' }).catch(() => {})
    await ping(a, '10.5.0.2', { findMtu: true })
    const endless = pinging(a, '10.5.0.2', { count: null })
    await vi.waitFor(() => expect(endless.lines().length).toBeGreaterThan(0))
    expect(openSockets()).toBe(before + 1)
    endless.stop()
    await endless.ended
    expect(openSockets()).toBe(before)
  })

  test('a namespace that was deleted goes away with its links when the last socket is closed', async () => {
    const pinned = freshNetns(host, 'pinned')
    host.ip('link add seen type veth peer name far netns pinned')
    const isThere = (): boolean => host.try(['ip', 'link', 'show', 'seen']).code === 0
    const fd = opened(pinned, SOCK_DGRAM)
    host.run(['ip', 'netns', 'del', 'pinned'])
    // The socket alone keeps it: that is why nothing may stay open.
    await new Promise((done) => setTimeout(done, 200))
    expect(isThere()).toBe(true)
    sockets.calls.close(fd)
    await vi.waitFor(() => expect(isThere()).toBe(false), { timeout: 10_000, interval: 50 })
  })

  test('a report of the error queue: who sent it, for what, when; and the error itself is taken away with it', async () => {
    const { calls } = sockets
    const fd = opened(a, SOCK_DGRAM)
    wantReports(calls, fd, 4)
    expect(calls.connect(fd, { family: 4, address: '10.5.0.2', port: 9 })).toBe(0)
    const sentAt = calls.now()
    expect(calls.send(fd, Buffer.from('hello'))).toBe(5)
    await vi.waitFor(() => expect((calls.poll([fd], POLLIN)[0] ?? 0) & POLLERR).toBe(POLLERR))
    const report = calls.receiveError(fd)
    expect(report).toMatchObject({ origin: 'icmp', type: 3, code: 3, from: '10.5.0.2' })
    expect(report?.sent.toString()).toBe('hello')
    expect(report?.to).toMatchObject({ address: '10.5.0.2', port: 9 })
    expect(report?.at).toBeGreaterThan(sentAt - 1)
    expect(calls.receiveError(fd)).toBeNull()
    expect([calls.receive(fd), calls.errno()]).toEqual([null, 'EAGAIN'])
    calls.close(fd)
  })

  test('readiness calls back for what comes, and again after an error', async () => {
    const { calls, readiness } = sockets
    const fd = opened(a, SOCK_DGRAM)
    wantReports(calls, fd, 4)
    calls.bind(fd, { family: 4, address: '10.5.0.1', port: 0 })
    const got: string[] = []
    const watch = readiness.watch(fd, { readable: true }, () => {
      for (let report = calls.receiveError(fd); report !== null; report = calls.receiveError(fd)) {
        got.push(`error from ${report.from}`)
      }
      const datagram = calls.receive(fd)
      if (datagram !== null)
        got.push(`${datagram.bytes.toString()} at ${typeof receivedAt(datagram.control)}`)
    })
    const own = { family: 4, address: '10.5.0.1', port: calls.localAddress(fd)?.port ?? 0 } as const
    for (const [at, wanted] of [
      ['one', 'one at number'],
      [null, 'error from 10.5.0.2'],
      ['two', 'two at number'],
      [null, 'error from 10.5.0.2'],
    ] as const) {
      if (at === null) calls.sendTo(fd, Buffer.from('x'), { family: 4, address: '10.5.0.2', port: 9 })
      else calls.sendTo(fd, Buffer.from(at), own)
      await vi.waitFor(() => expect(got.at(-1)).toBe(wanted))
      got.push('next')
    }
    watch.close()
    watch.close()
    calls.sendTo(fd, Buffer.from('three'), own)
    await new Promise((done) => setTimeout(done, 50))
    expect(got.at(-1)).toBe('next')
    calls.close(fd)
  })

  test('a socket that listens inside is a server of Node here', async () => {
    const { calls } = sockets
    const fd = opened(a, SOCK_STREAM)
    calls.bind(fd, { family: 4, address: '10.5.0.1', port: 0 })
    calls.listen(fd, 8)
    const port = calls.localAddress(fd)?.port ?? 0
    const server = createServer((socket) => socket.end('from a'))
    await new Promise<void>((resolve) => server.listen({ fd }, resolve))
    expect((server.address() as AddressInfo).port).toBe(port)
    const client = opened(placeIn(host, 'b'), SOCK_STREAM)
    expect(calls.connect(client, { family: 4, address: '10.5.0.1', port })).toBe(-1)
    expect(calls.errno()).toBe('EINPROGRESS')
    await vi.waitFor(() => expect((calls.poll([client], POLLIN)[0] ?? 0) & POLLIN).toBe(POLLIN))
    expect(calls.receive(client)?.bytes.toString()).toBe('from a')
    expect((calls.poll([client, client], POLLOUT)[1] ?? 0) & POLLOUT).toBe(POLLOUT)
    calls.close(client)
    await new Promise((done) => server.close(done))
  })

  test('which address a packet would be sent from, without sending one', () => {
    const to = (address: string) => ({ family: 4, address, port: 0 }) as const
    const counted = () =>
      Number(host.run(['ip', '-n', 'a', '-s', '-j', 'link', 'show', 'ab']).match(/"tx":\{"bytes":(\d+)/)?.[1])
    const before = counted()
    expect(sourceFor(sockets, a, to('10.5.0.2'))).toBe('10.5.0.1')
    expect(sourceFor(sockets, a, to('127.0.0.9'))).toBe('127.0.0.1')
    expect(sourceFor(sockets, a, to('192.0.2.1'))).toBeNull()
    expect(sourceFor(sockets, a, to('10.5.0.2'), 'nope')).toBeNull()
    expect(counted()).toBe(before)
  })

  test('options arrive where the kernel has them', () => {
    const { calls } = sockets
    for (const [family, level, ttl] of [
      [4, 0, 2],
      [6, 41, 16],
    ] as const) {
      const fd = opened(a, SOCK_RAW, family, family === 4 ? 1 : 58)
      expect(setIpOption(calls, fd, family, 'ttl', 7)).toBe(0)
      expect(calls.getInt(fd, level, ttl)).toBe(7)
      calls.close(fd)
      expect(calls.getInt(fd, level, ttl)).toBeNull()
    }
  })

  test('of the ICMP of a namespace a raw socket sees the one type that it wants', async () => {
    const { calls } = sockets
    const b = placeIn(host, 'b')
    const [all, replies] = [opened(a, SOCK_RAW, 4, 1), opened(a, SOCK_RAW, 4, 1)]
    onlyType(calls, replies, 4, 0)
    const typesOf = (fd: number): readonly number[] => {
      const types: number[] = []
      for (let got = calls.receive(fd); got !== null; got = calls.receive(fd)) types.push(got.bytes[20] ?? -1)
      return types
    }
    expect([await ping(b, '10.5.0.1'), await ping(a, '10.5.0.2')]).toMatchObject([{ ok: true }, { ok: true }])
    expect([typesOf(all), typesOf(replies)]).toEqual([
      [8, 8, 0, 0],
      [0, 0],
    ])
    calls.close(all)
    calls.close(replies)
  })
})
