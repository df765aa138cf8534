/** What the worker answers about ports, connections and pasted text, on a host that publishes a port. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FromWorker, Need } from '../../src/collect/protocol.ts'
import type { ConnectionsWindow } from '../../src/model/connection-view.ts'
import type { NetnsId } from '../../src/model/ids.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { startWorker, type PlayedWorker, type Seen } from './support-worker.ts'
import { ipLines, named } from './support-world.ts'

type Connections = Extract<FromWorker, { type: 'connections' }>
type Ports = Extract<FromWorker, { type: 'ports' }>
type Found = Extract<FromWorker, { type: 'found' }>

const last = <T extends Seen['messages'][number]['type']>({ messages }: Seen, type: T) =>
  messages.findLast(
    (message): message is Extract<Seen['messages'][number], { readonly type: T }> => message.type === type,
  )
const ports = (seen: Seen): Ports['value'] | undefined => last(seen, 'ports')?.value
const found = (seen: Seen): Found | undefined => last(seen, 'found')
const connections = (seen: Seen): Connections['value'] | undefined => last(seen, 'connections')?.value
const window = (seen: Seen): ConnectionsWindow | null => {
  const value = connections(seen)
  return value === undefined || 'unknown' in value ? null : value
}
const directions = (seen: Seen): readonly string[] =>
  window(seen)?.rows.map(({ view }) => view.direction) ?? []

const rules = `
table ip nat {
  chain prerouting { type nat hook prerouting priority -100; iifname "out0" tcp dport 8080 dnat to 172.17.0.2:80; }
  chain postrouting { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 oifname "out0" masquerade; }
}
`
const listen = `
import socket, sys
s = socket.create_server(('0.0.0.0', 80)); print('ready', flush=True)
sys.stdin.read()
`
/** Connects with each line that it reads, says so, and lets it go with the next. */
const connect = `
import socket, sys
c = None
for line in sys.stdin:
    if c: c.close(); c = None
    if line.strip(): c = socket.create_connection(('192.0.2.1', 8080))
    print('done', flush=True)
`

/** Generous: the machine may be busy with other tests. */
const limitMs = 15_000

describe.runIf(requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'nft', 'python3', 'conntrack'] }))(
  'answers of the worker',
  () => {
    let host: TestHost
    let worker: PlayedWorker
    let ids: Readonly<Record<'host' | 'web' | 'client', NetnsId>>
    let generation = 0

    beforeAll(async () => {
      host = await playHost()
      ipLines(
        host,
        'netns add web',
        'netns add client',
        'link add br0 type bridge',
        'link add vweb type veth peer name eth0 netns web',
        'link add out0 type veth peer name eth0 netns client',
        'link set vweb master br0',
        'addr add 172.17.0.1/16 dev br0',
        'addr add 192.0.2.1/24 dev out0',
        'link set br0 up',
        'link set vweb up',
        'link set out0 up',
        '-n web link set lo up',
        '-n web addr add 172.17.0.2/16 dev eth0',
        '-n web link set eth0 up',
        '-n web route add default via 172.17.0.1',
        '-n client addr add 192.0.2.9/24 dev eth0',
        '-n client link set eth0 up',
      )
      host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1'])
      host.run(['nft', '-f', '-'], { input: rules })
      worker = await startWorker(host)
      const { world } = await worker.until(({ complete }) => complete, limitMs)
      ids = { host: named(world, 'host').id, web: named(world, 'web').id, client: named(world, 'client').id }
    })
    afterAll(async () => {
      await worker?.stop()
      await host?.end()
    })

    const need = (...needs: readonly Need[]) => worker.post({ type: 'need', needs, generation: ++generation })
    const listener = async () => {
      const child = host.spawn(['ip', 'netns', 'exec', 'web', 'python3', '-c', listen])
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      return child
    }
    const asked = {
      kind: 'connections',
      text: '',
      order: 'standing',
      descending: false,
      from: 0,
      count: 20,
    } as const

    test('a connection appears and goes, is filtered, and has its growth', async () => {
      const server = await listener()
      need({ ...asked, netns: ids.host, text: ':8080' })
      const before = await worker.until((seen) => window(seen) !== null, limitMs)
      expect(window(before)).toMatchObject({ netns: ids.host, size: 0, from: 0, grown: {} })
      const client = host.spawn(['ip', 'netns', 'exec', 'client', 'python3', '-uc', connect])
      const answered = () => new Promise((resolve) => client.stdout?.once('data', resolve))
      client.stdin?.write('go\n')
      await answered()
      const began = performance.now()
      const there = await worker.until((seen) => window(seen)?.size === 1, limitMs)
      expect(window(there)?.rows[0]?.view).toMatchObject({
        translated: 'dnat',
        from: 'client',
        to: 'web',
        translation: 'sent on to 172.17.0.2:80',
        trouble: null,
      })
      // It is read each second; the rest of the limit is for a machine that is busy.
      expect(performance.now() - began).toBeLessThan(5000)

      // Another filter is answered from what is kept: the same reading.
      const { readAt } = window(there) ?? {}
      need({ ...asked, netns: ids.host, text: '!:8080 192.0.2.9' })
      const other = await worker.until((seen) => last(seen, 'connections')?.generation === generation)
      expect(directions(other)).toEqual([])
      expect(window(other)?.readAt).toBeGreaterThanOrEqual(readAt ?? Infinity)
      need({ ...asked, netns: ids.host, text: '172.17.0.2/32 state:est web' })
      const inside = await worker.until((seen) => last(seen, 'connections')?.generation === generation)
      expect(directions(inside)).toEqual([expect.stringMatching(/^192\.0\.2\.9:\d+ → 192\.0\.2\.1:8080$/)])

      host.run(['conntrack', '-D', '-p', 'tcp', '--dport', '8080'])
      const gone = await worker.until((seen) => window(seen)?.size === 0, limitMs)
      expect(window(gone)?.rows).toEqual([])
      expect(window(gone)?.max).toBeGreaterThan(1000)
      client.stdin?.end()
      server.stdin?.end()
    })

    test('a namespace that goes away is said to be unknown, and its connections end', async () => {
      ipLines(host, 'netns add passing')
      const { world } = await worker.until(({ world }) => world.netns.length === 4, limitMs)
      need({ ...asked, netns: named(world, 'passing').id })
      await worker.until((seen) => connections(seen) !== undefined, limitMs)
      ipLines(host, 'netns del passing')
      const gone = await worker.until((seen) => {
        const value = connections(seen)
        return value !== undefined && 'unknown' in value && /gone/.test(value.unknown)
      }, limitMs)
      expect(connections(gone)).toEqual({
        netns: named(world, 'passing').id,
        unknown: 'this namespace is gone',
      })
      need()
    })

    test('ports: what publishes, whether anything listens, and that it stopped', async () => {
      const server = await listener()
      need({ kind: 'ports' })
      const listens = (seen: Seen) => ports(seen)?.listening.filter(({ netns }) => netns === ids.web)
      // Who it is that listens is known with the next look at the processes.
      const first = await worker.until(
        (seen) =>
          ports(seen)?.complete === true &&
          listens(seen)?.every(({ process }) => process !== null && 'pid' in process) === true,
        limitMs,
      )
      expect(listens(first)).toEqual([
        expect.objectContaining({
          protocol: 'tcp',
          address: '0.0.0.0',
          port: 80,
          process: expect.objectContaining({ pid: expect.any(Number) }),
        }),
      ])
      expect(ports(first)?.published).toEqual([
        expect.objectContaining({
          netns: ids.host,
          hostPort: 8080,
          via: 'dnat',
          rule: expect.objectContaining({ chain: 'prerouting', number: 1 }),
          target: { container: null, netns: ids.web, address: '172.17.0.2', port: 80 },
          serves: 'yes',
        }),
      ])
      expect(ports(first)).toMatchObject({ unreadRules: [], unreadSockets: [] })
      server.stdin?.end()
      const stopped = await worker.until((seen) => ports(seen)?.listening.length === 0, limitMs)
      expect(ports(stopped)?.published[0]).toMatchObject({ listening: [], serves: 'no' })

      // Nothing is different: nothing is told.
      await worker.look()
      const quiet = await worker.until(() => false, 2500)
      expect(quiet.messages.filter(({ type }) => type === 'ports')).toEqual([])

      host.run(['nft', 'flush chain ip nat prerouting'])
      const unpublished = await worker.until((seen) => ports(seen)?.published.length === 0, limitMs)
      expect(ports(unpublished)?.published).toEqual([])
      host.run(['nft', 'add rule ip nat prerouting iifname "out0" tcp dport 8080 dnat to 172.17.0.2:80'])
      need()
    })

    test('find: who is behind a veth, its address, the rule for its port, and whether anything listens', async () => {
      for (const text of ['v', 've', 'vw', 'vwe', 'vweb']) need({ kind: 'find', text })
      const none = await worker.until((seen) => found(seen)?.text === 'vweb', limitMs)
      const link = (seen: Seen) => found(seen)?.value.find(({ what }) => what === 'link')
      expect(link(none)?.peer).toMatchObject({
        netns: { name: 'web' },
        name: 'eth0',
        addresses: ['172.17.0.2/16'],
      })
      expect(link(none)?.bridge?.name).toBe('br0')
      expect(link(none)?.publishedBy).toMatch(/rule 1 of prerouting in table nat .*nothing listens there/)
      const server = await listener()
      const there = await worker.until(
        (seen) => /0\.0\.0\.0:80 listens/.test(link(seen)?.publishedBy ?? ''),
        limitMs,
      )
      expect(link(there)?.publishedBy).toMatch(/8080.*0\.0\.0\.0:80 listens/)
      host.run(['nft', 'flush chain ip nat prerouting'])
      const unpublished = await worker.until(
        (seen) => link(seen) !== undefined && link(seen)?.publishedBy === undefined,
        limitMs,
      )
      expect(link(unpublished)?.publishedBy).toBeUndefined()
      server.stdin?.end()
      need({ kind: 'find', text: 'nothing-of-the-kind' })
      const empty = await worker.until((seen) => found(seen)?.text === 'nothing-of-the-kind', limitMs)
      expect(found(empty)?.value).toEqual([])
    })

    test('a snapshot tells how far it is', async () => {
      worker.post({ type: 'snapshot', id: 9, file: '/run/w.json', changes: [] })
      const seen = await worker.until((each) => last(each, 'snapshot-written') !== undefined, limitMs)
      const told = seen.messages.filter((message) => message.type === 'snapshot-progress')
      expect(told[0]).toEqual({ type: 'snapshot-progress', id: 9, done: 0, total: 0 })
      expect(told.at(-1)).toEqual({ type: 'snapshot-progress', id: 9, done: 3, total: 3 })
      expect(seen.problems).toEqual([])
    })
  },
)
