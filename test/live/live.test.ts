import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { counterFields } from '../../src/collect/protocol.ts'
import { listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { startWorker, type PlayedWorker, type Seen } from './support-worker.ts'
import { ipLines, named, nameOf, pairsOf } from './support-world.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'python3'] })) {
  let host: TestHost
  beforeEach(async () => {
    host = await playHost()
    ipLines(
      host,
      'netns add a',
      'netns add b',
      'link add ha type veth peer name eth0 netns a',
      '-n a link add x type veth peer name y netns b',
    )
  })
  afterEach(async () => host.end())

  const names = (world: World) => world.netns.map(nameOf).sort()
  const has = (world: World, name: string) => names(world).includes(name)
  const operstate = (world: World, netns: string, link: string) =>
    has(world, netns)
      ? listOf(named(world, netns).links).find(({ name }) => name === link)?.operstate
      : undefined
  const filled = async (worker: PlayedWorker) => {
    const seen = await worker.until(({ complete }) => complete)
    expect(seen.complete).toBe(true)
    return seen
  }

  /** Nothing was said for a second and a half. */
  const quiet = async (worker: PlayedWorker) => {
    for (const end = performance.now() + 20_000; performance.now() < end;) {
      const { messages } = await worker.until(() => false, 1500)
      if (messages.length === 0) return
    }
    throw new Error('it is never quiet')
  }

  test('tells everything once, then only what changed', async () => {
    const worker = await startWorker(host)
    const first = await filled(worker)
    expect(names(first.world)).toEqual(['a', 'b', 'host'])
    expect(pairsOf(first.world)).toEqual(['a/eth0 — host/ha', 'a/x — b/y', 'b/y — a/x', 'host/ha — a/eth0'])
    await quiet(worker)

    ipLines(host, '-n b link set y up', '-n a link set x up')
    const up = await worker.until(
      ({ world }) => operstate(world, 'a', 'x') === 'UP' && operstate(world, 'b', 'y') === 'UP',
    )
    expect([operstate(up.world, 'a', 'x'), operstate(up.world, 'b', 'y')]).toEqual(['UP', 'UP'])
    const told = up.messages.flatMap((message) => (message.type === 'world' ? message.changed : []))
    expect(new Set(told)).toEqual(new Set(['a', 'b']))
    expect(up.problems).toEqual([])
    await worker.stop()
  })

  test('counters alone are not told as changes, but when they are needed', async () => {
    // The kernel sends by itself over IPv6, up to twelve seconds after a link came up: router solicitations, MLD.
    host.run(['sysctl', '-qw', 'net.ipv6.conf.ha.disable_ipv6=1'])
    host.run(['ip', 'netns', 'exec', 'a', 'sysctl', '-qw', 'net.ipv6.conf.eth0.disable_ipv6=1'])
    ipLines(
      host,
      'addr add 10.0.0.1/24 dev ha',
      'link set ha up',
      '-n a addr add 10.0.0.2/24 dev eth0',
      '-n a link set eth0 up',
    )
    const macOf = (...where: readonly string[]) =>
      host.run(['ip', ...where]).match(/link\/ether ([0-9a-f:]+)/)?.[1] ?? ''
    const [here, there] = [macOf('link', 'show', 'ha'), macOf('-n', 'a', 'link', 'show', 'eth0')]
    // Neighbours that nobody has to ask for: they would be told as changes.
    ipLines(
      host,
      `neigh replace 10.0.0.2 lladdr ${there} dev ha`,
      `-n a neigh replace 10.0.0.1 lladdr ${here} dev eth0`,
    )
    const received = () => {
      const line = host
        .run(['cat', '/proc/net/dev'])
        .split('\n')
        .find((each) => each.includes('ha:'))
      const fields = line?.trim().split(/\s+/).map(Number) ?? []
      return { bytes: fields[1], packets: fields[2] ?? 0, sent: fields[9] }
    }
    const ping = host.spawn(['sh', '-c', 'ping -q -i 0.2 10.0.0.2 & read line; kill $!; wait'])
    const worker = await startWorker(host)
    const { world } = await filled(worker)
    const before = received().packets
    await quiet(worker)
    expect(received().packets).toBeGreaterThan(before + 5)
    const told = (seen: Seen) =>
      listOf(named(seen.world, 'host').links).find(({ name }) => name === 'ha')?.stats
    const counts = told(await worker.look())
    // Another link changes: all are read again, with other counters.
    ipLines(host, 'link set lo mtu 60000')
    const mtu = ({ world }: Seen) => listOf(named(world, 'host').links).find(({ name }) => name === 'lo')?.mtu
    const changed = await worker.until((seen) => mtu(seen) === 60_000, 15_000)
    expect([mtu(changed), told(changed)]).toEqual([60_000, counts])
    ping.stdin?.end()
    await once(ping, 'exit')

    const ids = [named(world, 'host').id, named(world, 'a').id]
    worker.post({ type: 'need', generation: 1, needs: [{ kind: 'counters', netns: ids }] })
    const seen = await worker.until(
      ({ messages }) => messages.some(({ type }) => type === 'counters'),
      15_000,
    )
    const [counters] = seen.messages.filter((message) => message.type === 'counters')
    expect(counters?.netns).toEqual(ids)
    const width = counterFields.length
    const rows = Array.from({ length: (counters?.values.length ?? 0) / width }, (_, at) =>
      counters?.values.slice(at * width, (at + 1) * width),
    )
    const ha = listOf(named(seen.world, 'host').links).find(({ name }) => name === 'ha')
    const row = rows.find((each) => each?.[0] === 0 && each[1] === ha?.ifindex) ?? []
    expect(row[counterFields.indexOf('rxBytes')]).toBe(received().bytes)
    expect(row[counterFields.indexOf('txBytes')]).toBe(received().sent)
    expect(row[counterFields.indexOf('rxPackets')]).toBe(received().packets)
    expect(rows.filter((each) => each?.[0] === 1).length).toBe(listOf(named(world, 'a').links).length)
    const again = await worker.until(
      ({ messages }) => messages.some(({ type }) => type === 'counters'),
      15_000,
    )
    expect(again.messages.map(({ type }) => type)).toContain('counters')

    worker.post({ type: 'need', generation: 2, needs: [] })
    // One that was on its way when the need ended.
    await worker.until(() => false, 200)
    const after = await worker.until(() => false, 1500)
    expect(after.messages.filter(({ type }) => type === 'counters')).toEqual([])
    await worker.stop()
  })

  test('neighbours and forwarding entries follow', async () => {
    ipLines(host, 'link add br0 type bridge', 'link set ha master br0', 'link set ha up', 'link set br0 up')
    const worker = await startWorker(host)
    await filled(worker)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await worker.look()
    ipLines(host, '-n a neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0')
    host.run(['bridge', 'fdb', 'add', '02:00:00:00:00:08', 'dev', 'ha', 'master', 'static'])
    const told = await worker.until(
      ({ world }) =>
        listOf(named(world, 'a').neighbours).some(({ lladdr }) => lladdr === '02:00:00:00:00:09') &&
        listOf(named(world, 'host').fdb).some(({ lladdr }) => lladdr === '02:00:00:00:00:08'),
      // Reading them rests in proportion to what it took, which on a busy machine is long.
      15_000,
    )
    expect(listOf(named(told.world, 'a').neighbours)).toEqual(
      expect.arrayContaining([expect.objectContaining({ dst: '10.0.0.9', lladdr: '02:00:00:00:00:09' })]),
    )
    expect(listOf(named(told.world, 'host').fdb)).toEqual(
      expect.arrayContaining([expect.objectContaining({ lladdr: '02:00:00:00:00:08' })]),
    )
    await worker.stop()
  })

  test('reads the details of the one that is needed, with the generation that asked', async () => {
    const worker = await startWorker(host)
    const { world } = await filled(worker)
    const { id } = named(world, 'a')
    worker.post({ type: 'need', generation: 7, needs: [{ kind: 'details', netns: id }] })
    const { messages } = await worker.until(({ messages }) => messages.some(({ type }) => type === 'details'))
    const details = messages.find((message) => message.type === 'details')
    expect([details?.generation, details?.netns]).toEqual([7, id])
    expect(details?.value?.sysctls).toHaveProperty(['ipv4.ip_forward'])
    await worker.stop()
  })

  test('a new namespace is there within a second, and its death as fast', async () => {
    const worker = await startWorker(host)
    await filled(worker)
    ipLines(host, 'netns add new')
    expect(names((await worker.until(({ world }) => has(world, 'new'), 1000)).world)).toContain('new')
    ipLines(host, 'link add hn type veth peer name eth0 netns new')
    const paired = await worker.until(
      ({ world }) => has(world, 'new') && pairsOf(world).includes('host/hn — new/eth0'),
      1000,
    )
    expect(pairsOf(paired.world)).toContain('new/eth0 — host/hn')
    ipLines(host, 'netns del new')
    const gone = await worker.until(
      ({ world }) => !has(world, 'new') && operstate(world, 'host', 'hn') === undefined,
      1000,
    )
    expect(names(gone.world)).toEqual(['a', 'b', 'host'])
    expect(gone.problems).toEqual([])

    const child = host.spawn(['unshare', '--net', 'sleep', '60'])
    const nameless = await worker.until(({ world }) => world.netns.length === 4, 2500)
    expect(nameless.world.netns.at(-1)?.names[0]?.source).toBe('process')
    child.kill('SIGKILL')
    await worker.stop()
  })

  test('pins nothing: while it watches, a deleted namespace and the veth end of the host go away', async () => {
    const worker = await startWorker(host)
    const { world } = await filled(worker)
    worker.post({
      type: 'need',
      generation: 1,
      needs: [
        { kind: 'counters', netns: [named(world, 'a').id, named(world, 'b').id] },
        { kind: 'details', netns: named(world, 'a').id },
      ],
    })
    await worker.until(({ messages }) => messages.some(({ type }) => type === 'details'))
    ipLines(host, 'netns del a')
    const end = performance.now() + 1000
    const isThere = () => host.run(['ip', '-o', 'link']).includes('ha@')
    while (isThere() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isThere()).toBe(false)
    const { world: after, problems } = await worker.until(({ world }) => !has(world, 'a'))
    expect(names(after)).toEqual(['b', 'host'])
    expect(problems).toEqual([])
    await worker.stop()
  })

  test('a namespace without a name that lives on stays, seen as well as it can be', async () => {
    ipLines(host, '-n b addr add 10.7.0.1/24 dev y')
    const worker = await startWorker(host)
    await filled(worker)
    const keeper = host.spawn([
      'python3',
      '-c',
      'import os, socket, sys; a, b = socket.socketpair(); fd = os.open("/run/netns/b", os.O_RDONLY); socket.send_fds(a, [b"x"], [fd]); os.close(fd); print("kept", flush=True); sys.stdin.read()',
    ])
    await new Promise((resolve) => keeper.stdout?.once('data', resolve))
    ipLines(host, 'netns del b')
    const closed = await worker.until(
      ({ world }) => world.netns.some(({ readable }) => readable !== true),
      4000,
    )
    const hidden = closed.world.netns.find(({ readable }) => readable !== true)
    expect(listOf(hidden?.addresses ?? []).map(({ local }) => local)).toContain('10.7.0.1')
    expect(pairsOf(closed.world)).toHaveLength(4)
    keeper.stdin?.end()
    const gone = await worker.until(({ world }) => world.netns.length === 2, 3000)
    expect(names(gone.world)).toEqual(['a', 'host'])
    await worker.stop()
  })

  test('finds a hidden namespace that was there before, and tells when it goes', async () => {
    const keeper = host.spawn([
      'python3',
      '-c',
      'import os, socket, sys; a, b = socket.socketpair(); fd = os.open("/run/netns/b", os.O_RDONLY); socket.send_fds(a, [b"x"], [fd]); os.close(fd); print("kept", flush=True); sys.stdin.read()',
    ])
    await new Promise((resolve) => keeper.stdout?.once('data', resolve))
    ipLines(host, 'netns del b')
    const worker = await startWorker(host)
    const seen = await worker.until(({ world }) => world.netns.some(({ id }) => id.startsWith('hidden:')))
    expect(pairsOf(seen.world)).toHaveLength(4)
    expect(pairsOf(seen.world).join()).not.toContain('?')
    await worker.look()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await worker.look()).messages.filter(({ type }) => type === 'world')).toEqual([])
    ipLines(host, '-n a link set x up')
    host.run(['nsenter', '--net=/run/netns/a', 'true'])
    keeper.stdin?.end()
    const gone = await worker.until(({ world }) => world.netns.length === 2, 3000)
    expect(names(gone.world)).toEqual(['a', 'host'])
    expect(gone.problems).toEqual([])
    await worker.stop()
  })

  test('sends everything again when asked, beginning with 1', async () => {
    const worker = await startWorker(host)
    await filled(worker)
    worker.post({ type: 'resend' })
    const { messages, world, problems } = await worker.until(({ messages }) =>
      messages.some((message) => message.type === 'world' && message.seq === 1 && message.complete),
    )
    // What is found out just then is told after it.
    const told = messages.filter((message) => message.type === 'world')
    expect(told.find(({ seq }) => seq === 1)?.changed.toSorted()).toEqual(['a', 'b', 'host'])
    expect(names(world)).toEqual(['a', 'b', 'host'])
    expect(problems).toEqual([])
    await worker.stop()
  })

  test('writes a snapshot with the changes it is given, and says why it cannot', async () => {
    const worker = await startWorker(host)
    await filled(worker)
    const change = {
      at: '2026-11-21T14:00:00.000Z',
      netns: null,
      netnsName: 'a',
      subject: 'x',
      ifindex: null,
      says: 'appeared',
    }
    worker.post({ type: 'snapshot', id: 3, file: '/run/w.json', changes: [change] })
    const { messages } = await worker.until(({ messages }) =>
      messages.some(({ type }) => type === 'snapshot-written'),
    )
    expect(messages.find(({ type }) => type === 'snapshot-written')).toEqual({
      type: 'snapshot-written',
      id: 3,
      file: '/run/w.json',
    })
    const written = JSON.parse(host.run(['cat', '/run/w.json'])) as World
    expect(names(written)).toEqual(['a', 'b', 'host'])
    expect(written.changes).toEqual([change])
    expect(written.netns.every(({ details }) => details !== null)).toBe(true)
    worker.post({ type: 'snapshot', id: 4, file: '/nowhere/w.json', changes: [] })
    const refused = await worker.until(({ problems }) => problems.length > 0)
    expect(refused.problems.join()).toMatch(/nowhere/)
    await worker.stop()
  })

  test('stops within half a second, at any time', async () => {
    const early = await startWorker(host)
    expect(await early.stop()).toMatchObject({ code: 0 })
    const worker = await startWorker(host)
    const { world } = await filled(worker)
    worker.post({ type: 'need', generation: 1, needs: [{ kind: 'details', netns: named(world, 'host').id }] })
    worker.post({ type: 'snapshot', id: 1, file: '/run/late.json', changes: [] })
    const { ms, code } = await worker.stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(500)
  })

  test('a link that flaps thousands of times ends as it is, told in few messages', async () => {
    const worker = await startWorker(host)
    await filled(worker)
    const flaps = Array.from({ length: 5000 }, (_, at) => `link set ha ${at % 2 === 0 ? 'up' : 'down'}`)
    host.ip(...flaps, 'link set ha mtu 1400')
    const mtu = (world: World) => listOf(named(world, 'host').links).find(({ name }) => name === 'ha')?.mtu
    const { world, messages, problems } = await worker.until(({ world }) => mtu(world) === 1400)
    expect([mtu(world), operstate(world, 'host', 'ha')]).toEqual([1400, 'DOWN'])
    expect(messages.length).toBeLessThan(500)
    expect(problems).toEqual([])
    await worker.stop()
  })

  test('without koffi it polls', async () => {
    const worker = await startWorker(host, 'ip')
    const seen = await filled(worker)
    expect(seen.world.tool.reader.name).toBe('ip')
    ipLines(host, '-n a link set x up', '-n b link set y up', 'netns add new')
    const { world, problems } = await worker.until(
      ({ world }) => operstate(world, 'a', 'x') === 'UP' && has(world, 'new'),
      8000,
    )
    expect([operstate(world, 'b', 'y'), names(world), problems]).toEqual([
      'UP',
      ['a', 'b', 'host', 'new'],
      [],
    ])
    ipLines(host, 'netns del new')
    expect(names((await worker.until(({ world }) => !has(world, 'new'), 8000)).world)).toEqual([
      'a',
      'b',
      'host',
    ])
    await worker.stop()
  })
}
