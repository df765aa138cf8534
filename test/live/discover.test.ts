import { expect, test } from 'vitest'
import { requires } from '../support/requires.ts'
import { scannedHost, type FoundThere, type Scanned } from './support-discover.ts'

function netns({ found }: Scanned, id: string): FoundThere {
  const one = found.find((one) => one.id === id)
  if (one === undefined) throw new Error(`no ${id} among ${found.map(({ id }) => id).join(' ')}`)
  return one
}

const byName = ({ found }: Scanned, name: string) =>
  found.find(({ names }) => names.some((one) => one.name === name))
const namesOf = (one: FoundThere | undefined) => one?.names.map(({ name, source }) => `${source} ${name}`)
const ids = ({ found }: Scanned): readonly string[] => found.map(({ id }) => id)

/** Ends when `condition` holds, fails after 10 s: namespaces die asynchronously. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('waited 10 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

if (requires({ root: true, tools: ['ip', 'nsenter', 'unshare', 'setpriv'] })) {
  test('the host, named ones, and those that only a process holds', async () => {
    const host = await scannedHost()
    host.ip('netns add a')
    host.run(['ip', 'netns', 'add', 'b with blank'])
    const plain = await host.sleep('unshare', '--net')
    const inNamed = await host.sleep('ip', 'netns', 'exec', 'a')
    const seen = await host.scan()

    const own = host.run(['readlink', '/proc/self/ns/net']).replace(/\D/g, '')
    expect(seen.host).toBe(own)
    expect(namesOf(netns(seen, own))).toContain('host host')
    expect(seen.init).toBe(own)
    expect(namesOf(byName(seen, 'a'))).toEqual(['named a', `process PID ${inNamed} (sleep)`])
    expect(byName(seen, 'a')?.paths).toEqual([`/proc/${inNamed}/ns/net`, '/run/netns/a'])
    expect(byName(seen, 'b with blank')?.paths).toEqual(['/run/netns/b with blank'])
    expect(namesOf(byName(seen, `PID ${plain} (sleep)`))).toHaveLength(1)
    expect(seen.found.filter(({ names }) => names[0]?.source !== 'mount').length).toBeGreaterThanOrEqual(4)
    for (const { id, leadTo } of seen.found) for (const inode of leadTo) expect(inode).toBe(id)
    expect(seen.processes.find(({ pid }) => pid === plain)).toMatchObject({
      comm: 'sleep',
      uid: 0,
      netns: byName(seen, `PID ${plain} (sleep)`)?.id,
    })
  })

  test('one that only a thread is in, and its end', async () => {
    const host = await scannedHost()
    await host.scan()
    const holder = await host.hold('thread')
    const one = netns(await host.scan(), holder.id)
    expect(namesOf(one)).toEqual([expect.stringMatching(`^thread PID ${holder.pid} thread ${holder.tid} `)])
    expect(one.paths).toEqual([`/proc/${holder.pid}/task/${holder.tid}/ns/net`])
    expect(one.leadTo).toEqual([holder.id])
    await holder.end()
    await until(async () => !ids(await host.scan()).includes(holder.id))
  })

  test('one that is mounted in another mount namespace only, and its end', async () => {
    const host = await scannedHost()
    host.ip('netns add x')
    const id = byName(await host.scan(), 'x')?.id ?? ''
    const script =
      'mount --make-rprivate / && mkdir /run/in && touch "/run/in/held it" && mount --bind /run/netns/x "/run/in/held it" && umount /run/netns/x && echo ready && read -r line'
    const child = host.spawn(['unshare', '--mount', 'sh', '-c', script])
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    expect(namesOf(netns(await host.scan(), id))?.[0]).toBe('named x')
    host.ip('netns del x')

    const one = netns(await host.scan(), id)
    expect(namesOf(one)).toEqual(['mount /run/in/held it'])
    expect(one.paths).toEqual([expect.stringMatching(/^\/proc\/\d+\/root\/run\/in\/held it$/)])
    expect(one.leadTo).toEqual([id])
    expect(one.holders.mounts[0]).toMatchObject({
      path: '/run/in/held it',
      mountNamespace: expect.stringMatching(/^\d+$/) as string,
    })
    child.stdin?.end()
    await until(async () => !ids(await host.scan()).includes(id))
  })

  test('a mount that another one covers is known, but its path is not offered', async () => {
    const host = await scannedHost()
    host.ip('netns add over', 'netns add under')
    const before = await host.scan()
    host.run(['mount', '--bind', '/run/netns/over', '/run/netns/under'])
    const after = await host.scan()
    const under = netns(after, byName(before, 'under')?.id ?? '')
    expect(under).toMatchObject({ paths: [], names: [{ name: 'under', path: null }] })
    expect(namesOf(netns(after, byName(before, 'over')?.id ?? ''))).toEqual(['named over', 'named under'])
  })

  test.each(['opened through its mount', 'opened through /proc'])(
    'one that only an open file holds, %s: when asked',
    async (how) => {
      const host = await scannedHost()
      host.ip('netns add x')
      const id = byName(await host.scan(), 'x')?.id ?? ''
      const sleeper = await host.sleep('ip', 'netns', 'exec', 'x')
      const path = how === 'opened through /proc' ? `/proc/${sleeper}/ns/net` : '/run/netns/x'
      const holder = await host.hold('fd', path)
      host.run(['kill', '-9', String(sleeper)])
      host.ip('netns del x')
      await until(async () => !ids(await host.scan({ complete: true })).includes(id))

      const one = netns(await host.scan({ deep: true }), id)
      expect(namesOf(one)).toEqual([expect.stringMatching(`^fd PID ${holder.pid} fd ${holder.fd} `)])
      expect(one.leadTo).toEqual([id])
      expect(ids(await host.scan()), 'stays known').toContain(id)
      await holder.end()
      await until(async () => !ids(await host.scan()).includes(id))
    },
  )

  test('one that only a socket holds: when asked', async () => {
    const host = await scannedHost()
    host.ip('netns add x')
    const holder = await host.hold('socket', '/run/netns/x')
    expect(namesOf(netns(await host.scan({ deep: true }), holder.id))).toHaveLength(2)
    host.ip('netns del x')
    await until(async () => byName(await host.scan(), 'x') === undefined)

    const one = netns(await host.scan({ deep: true }), holder.id)
    expect(namesOf(one)).toEqual([expect.stringMatching(`^socket PID ${holder.pid} socket ${holder.fd} `)])
    expect(one.holders.sockets).toEqual([{ pid: holder.pid, fd: holder.fd }])
    expect(one.paths).toEqual([])
    await holder.end()
    await until(async () => !ids(await host.scan()).includes(holder.id))
    expect(ids(await host.scan({ deep: true }))).not.toContain(holder.id)
  })

  test('nothing is pinned: a deleted namespace goes, with the veth end outside', async () => {
    const host = await scannedHost()
    host.ip('netns add gone', 'link add v0 type veth peer name eth0 netns gone')
    const before = await host.scan({ deep: true })
    const id = byName(before, 'gone')?.id ?? ''
    host.ip('netns del gone')
    await until(() => host.try(['ip', 'link', 'show', 'v0']).code !== 0)
    const after = await host.scan({ deep: true })
    expect(ids(after)).not.toContain(id)
    for (const { openFiles } of [before, after]) {
      expect(openFiles.filter((link) => link.startsWith('net:') || link.startsWith('/run/netns'))).toEqual([])
    }
  })

  test('without root: what may be read, the rest told apart, and one sentence on what would help', async () => {
    const host = await scannedHost()
    host.ip('netns add a')
    const root = await host.sleep()
    const named = await host.sleep('ip', 'netns', 'exec', 'a')
    const others = [await host.sleep('unshare', '--net'), await host.sleep('unshare', '--net')]
    const seen = await host.scanAsNobody()

    expect(seen.found.map(({ names }) => names[0]?.name)).toEqual(['host', 'a'])
    expect(seen.init, 'PID 1 shares net/dev with us').toBe(seen.host)
    expect(netns(seen, seen.host).holders.processes).toEqual(expect.arrayContaining([1, root]))
    expect(new Set(seen.unreadable.map(({ names }) => names[0]?.name))).toEqual(
      new Set([named, ...others].map((pid) => `PID ${pid} (sleep)`)),
    )
    expect(seen.unreadable[0]?.readable.unknown).toContain('permission denied')
    expect(seen.gaps).toEqual([
      {
        what: 'namespaces of processes',
        subject: '3 processes of other users',
        reason: expect.stringContaining('permission denied') as string,
        hint: 'run as root or grant cap_sys_ptrace',
      },
    ])
  })

  test('without root, and with processes hidden: how many there are', async () => {
    const host = await scannedHost()
    host.run(['mount', '-o', 'remount,hidepid=1', '/proc'])
    const seen = await host.scanAsNobody()
    expect(seen.found.map(({ names }) => names[0]?.name)).toEqual(['host'])
    expect(seen.init).toEqual({ unknown: expect.any(String) as string })
    expect(seen.gaps.map(({ what }) => what)).toEqual(['processes', 'namespace of PID 1'])
  })

  test('processes and namespaces that come and go during the scans disturb nobody', async () => {
    const host = await scannedHost()
    host.ip('netns add stays')
    const churn =
      'i=0; while :; do i=$((i+1)); ip netns add c$i; unshare --net true & ip netns exec c$i true; ip netns del c$i; done'
    const child = host.spawn(['sh', '-c', churn])
    const end = Date.now() + 3000
    let scans = 0
    let most = 0
    while (Date.now() < end) {
      const seen = await host.scan({ deep: scans % 5 === 4 })
      expect(byName(seen, 'stays')).toBeDefined()
      expect(byName(seen, 'host')).toBeDefined()
      expect(seen.gaps).toEqual([])
      expect(new Set(ids(seen)).size).toBe(seen.found.length)
      most = Math.max(most, seen.found.length)
      scans++
    }
    expect(scans).toBeGreaterThan(5)
    expect(most, 'the churn was seen').toBeGreaterThan(2)
    child.kill('SIGKILL')
  })
}
