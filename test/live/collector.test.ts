import { afterEach, beforeEach, expect, test } from 'vitest'
import { isUnknown, listOf } from '../../src/model/known.ts'
import { bundle } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { holdBySocket } from './support-holders.ts'
import { ipLines, named, nameOf, pairsOf, readOn } from './support-world.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setpriv', 'python3'] })) {
  let host: TestHost
  beforeEach(async () => {
    host = await playHost()
  })
  afterEach(async () => host.end())

  /** Two containers with the same ifindexes, one nested in the first, one pair within a namespace, one dangling link. */
  const tangled = [
    'netns add a',
    'netns add b',
    'netns add c',
    'link add ha type veth peer name eth0 netns a',
    'link add hb type veth peer name eth0 netns b',
    '-n a link add down0 type veth peer name eth0 netns c',
    '-n b link add p1 type veth peer name p2',
  ]
  const tangledPairs = [
    'a/down0 — c/eth0',
    'a/eth0 — host/ha',
    'b/eth0 — host/hb',
    'b/p1 — b/p2',
    'b/p2 — b/p1',
    'c/eth0 — a/down0',
    'host/ha — a/eth0',
    'host/hb — b/eth0',
  ]

  test('pairs the ends of veths although their ifindexes repeat', async () => {
    ipLines(host, ...tangled)
    const { world } = await readOn(host)
    const ifindexes = ['a', 'b', 'c'].map(
      (name) => listOf(named(world, name).links).find((link) => link.name === 'eth0')?.ifindex,
    )
    expect(ifindexes).toEqual([2, 2, 2])
    expect(pairsOf(world)).toEqual(tangledPairs)
    expect(world.gaps).toEqual([])
    expect(nameOf(world.netns[0] ?? { id: world.host, names: [] })).toBe('host')
    expect(world.netns[0]?.id).toBe(world.host)
  })

  test('asking with descriptors (old kernels, no observer) explains the same numbers', async () => {
    ipLines(host, ...tangled)
    const file = await bundle(`
      import { loadLibc } from './src/collect/kernel/libc.ts'
      import { netlinkReader } from './src/collect/kernel/netlink-reader.ts'
      import { createDiscoverer } from './src/collect/discover/discover.ts'
      const libc = (await loadLibc()).value
      const { found } = await createDiscoverer(libc).value.discover()
      const read = async (observe) => {
        const reader = netlinkReader(libc, { observe })
        const mine = found.filter(({ id }) => id !== reader.observation?.own)
        await reader.know(mine)
        const out = []
        for (const netns of mine) out.push([netns.id, (await reader.readTables(netns)).tables.nsids.sort((a, b) => a.nsid - b.nsid)])
        reader.close()
        return out
      }
      console.log(JSON.stringify([await read(true), await read(false)]))
    `)
    const [direct, asked] = JSON.parse(host.run([process.execPath, file])) as [[string, object[]][], unknown]
    expect(asked).toEqual(direct)
    expect(direct.map(([, nsids]) => nsids.length).sort((a, b) => a - b)).toEqual([1, 1, 2, 2])
  })

  test('sees through the number of a namespace that no file leads to', async () => {
    ipLines(
      host,
      'netns add a',
      'netns add h',
      'link add hh type veth peer name eth0 netns h',
      '-n a link add x type veth peer name eth1 netns h',
      '-n h addr add 10.9.0.2/24 dev eth0',
    )
    // A descriptor on its way through a socket is in nobody's table of files.
    const keeper = host.spawn([
      'python3',
      '-c',
      'import os, socket, sys; a, b = socket.socketpair(); fd = os.open("/run/netns/h", os.O_RDONLY); socket.send_fds(a, [b"x"], [fd]); os.close(fd); print("kept", flush=True); sys.stdin.read()',
    ])
    await new Promise((resolve) => keeper.stdout?.once('data', resolve))
    ipLines(host, 'netns del h')
    ipLines(host, 'link show', '-n a link show')
    const numbers = () => [
      host.run(['ip', 'netns', 'list-id']),
      host.run(['ip', '-n', 'a', 'netns', 'list-id']),
    ]
    const before = numbers()
    const { world } = await readOn(host)
    expect(numbers()).toEqual(before)
    const hidden = world.netns.filter(({ names }) => names[0]?.source === 'hidden')
    expect(hidden).toHaveLength(1)
    expect(listOf(hidden[0]?.links ?? []).map(({ name }) => name)).toEqual(['lo', 'eth0', 'eth1'])
    expect(listOf(hidden[0]?.addresses ?? []).map(({ local }) => local)).toContain('10.9.0.2')
    expect(hidden[0]?.routes).toHaveProperty('unknown')
    const name = hidden[0] === undefined ? '' : nameOf(hidden[0])
    expect(pairsOf(world)).toEqual(
      [`a/x — ${name}/eth1`, `${name}/eth0 — host/hh`, `${name}/eth1 — a/x`, `host/hh — ${name}/eth0`].sort(),
    )
    expect(world.gaps.map(({ what, subject }) => `${what} ${subject}`)).toEqual([`namespace ${name}`])
  })

  test('searches the open files where a number means nothing known', async () => {
    ipLines(host, 'netns add f', 'link add hf type veth peer name eth0 netns f')
    const keeper = host.spawn(['sh', '-c', 'exec 3</run/netns/f; echo kept; read -r line'])
    await new Promise((resolve) => keeper.stdout?.once('data', resolve))
    ipLines(host, 'netns del f')
    const { world } = await readOn(host)
    const [, held] = world.netns
    expect(held?.names[0]?.source).toBe('fd')
    expect(held?.readable).toBe(true)
    expect(isUnknown(held?.routes)).toBe(false)
    expect(pairsOf(world)).toHaveLength(2)
  })

  test('tells the user namespace that owns each one', async () => {
    ipLines(host, 'netns add outer')
    const unshared = ['ip', 'netns', 'exec', 'outer', 'unshare', '--user', '--net']
    const said = await host.start([...unshared, 'sh', '-c', 'readlink /proc/self/ns/user; exec sleep 3600'])
    for (const reader of [[], ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']]) {
      const { world } = await readOn(host, {}, reader)
      expect(named(world, 'outer').userNamespace).toBe(named(world, 'host').userNamespace)
      expect(named(world, 'outer').userNamespace).toMatch(/^\d+$/)
      if (reader.length > 0) continue
      const nested = world.netns.find(({ names }) => names[0]?.source === 'process')
      expect(nested?.userNamespace).toBe(/^user:\[(\d+)\]$/.exec(said)?.[1])
    }
  })

  test.each([
    ['which a number tells of', ['link add hs type veth peer name eth0 netns s'], ['host/hs — s/eth0']],
    ['linked to nothing, when asked', [], []],
  ])('reads a namespace that only a socket holds, %s', async (_, links, pairs) => {
    ipLines(host, 'netns add s', ...links, '-n s addr add 10.8.0.2/24 dev lo')
    await holdBySocket(host, 's')
    const { world, descriptors } = await readOn(host, { details: true })
    const held = world.netns.find(({ names }) => names[0]?.source === 'socket')
    const name = held === undefined ? '' : nameOf(held)
    expect(held?.readable).toBe(true)
    expect(held?.userNamespace).toBe(named(world, 'host').userNamespace)
    expect(listOf(held?.addresses ?? []).map(({ local }) => local)).toContain('10.8.0.2')
    expect(isUnknown(held?.routes)).toBe(false)
    expect(held?.details?.sysctls).toHaveProperty(['ipv4.ip_forward'])
    expect(pairsOf(world)).toEqual(
      pairs
        .flatMap((pair) =>
          [pair, pair.split(' — ').toReversed().join(' — ')].map((each) =>
            each.replace('s/eth0', `${name}/eth0`),
          ),
        )
        .sort(),
    )
    expect(world.gaps).toEqual([])
    expect(descriptors[1]).toBe(descriptors[0])
  })

  test('shows a namespace whose mount is covered, although nothing leads there', async () => {
    ipLines(host, 'netns add over', 'netns add under')
    host.run(['mount', '--bind', '/run/netns/over', '/run/netns/under'])
    const { world } = await readOn(host)
    const under = world.netns.find(({ names }) => names[0]?.name === 'under' && names[0]?.path === null)
    expect(under?.readable).toEqual({ unknown: 'no path leads to it' })
    expect(world.gaps.map(({ subject, reason }) => `${subject}: ${reason}`)).toEqual([
      'under: no path leads to it',
    ])
  })

  test('adds no number beside those that `ip link` makes the kernel allot', async () => {
    const twin = await playHost('twin')
    try {
      for (const each of [host, twin]) ipLines(each, ...tangled)
      for (const line of ['link show', '-n a link show', '-n b link show', '-n c link show'])
        ipLines(twin, line)
      await readOn(host, { details: true })
      const numbers = (of: TestHost) =>
        [[], ['-n', 'a'], ['-n', 'b'], ['-n', 'c']].map(
          (where) =>
            of
              .run(['ip', ...where, 'netns', 'list-id'])
              .trim()
              .split('\n')
              .filter((line) => line !== '').length,
        )
      expect(numbers(host)).toEqual(numbers(twin))
      expect(numbers(host)).toEqual([2, 2, 1, 1])
    } finally {
      await twin.end()
    }
  })

  test('leaves nothing open and keeps nothing alive', async () => {
    ipLines(host, ...tangled)
    const { descriptors, world } = await readOn(host, { details: true })
    expect(descriptors[1]).toBe(descriptors[0])
    expect(world.netns.map(nameOf).sort()).toEqual(['a', 'b', 'c', 'host'])
  })

  test('says what changed while it was read', async () => {
    ipLines(host, 'netns add a', 'netns add b', 'netns add c', '-n a link set lo up', '-n b link set lo up')
    const { world } = await readOn(host, {
      during: { 3: '-n a addr replace 10.0.0.1/8 dev lo', 4: '-n a link set lo down' },
    })
    const changed = world.changedWhileRead.map((id) =>
      nameOf(world.netns.find((each) => each.id === id) ?? { id, names: [] }),
    )
    expect(changed).toEqual(['a'])
  })

  test('without root shows its own namespace, and the others as closed', async () => {
    ipLines(
      host,
      'netns add a',
      'link add ha type veth peer name eth0 netns a',
      'addr add 10.0.0.1/24 dev ha',
    )
    const { world } = await readOn(host, {}, ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'])
    const own = named(world, 'host')
    expect(own.readable).toBe(true)
    expect(listOf(own.links).map(({ name }) => name)).toContain('ha')
    expect(named(world, 'a').readable).toHaveProperty('unknown', expect.stringContaining('permission denied'))
    expect(world.gaps.find(({ subject }) => subject === 'a')?.hint).toMatch(/root/)
    expect(world.tool.reader.why).toMatch(/EPERM/)
    // Its file may be opened, though not entered: the host's number for it is explained.
    expect(own.nsids).toEqual([{ nsid: 0, id: named(world, 'a').id }])
  })

  test('without koffi reads through ip, and says why', async () => {
    ipLines(host, 'netns add a', 'link add ha type veth peer name eth0 netns a')
    const { world } = await readOn(host, {}, ['env', 'VETHSCOPE_NO_KOFFI=1'])
    expect(world.tool.reader.name).toBe('ip')
    expect(world.tool.reader.why).toMatch(/VETHSCOPE_NO_KOFFI/)
    expect(pairsOf(world)).toEqual(['a/eth0 — host/ha', 'host/ha — a/eth0'])
  })
}
