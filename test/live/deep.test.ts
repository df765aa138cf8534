/** Namespaces that only an open file or a socket holds and that nothing is linked to: commands and the screen show them. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { holdByFile, holdBySocket } from './support-holders.ts'
import { startWorker } from './support-worker.ts'
import { ipLines, nameOf } from './support-world.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'python3'] })) {
  let host: TestHost
  let main: string
  const names: string[] = []

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('deep')
    host.ip('netns add f', 'netns add s', 'netns add a')
    ipLines(host, '-n f addr add 10.7.0.2/24 dev lo', '-n s addr add 10.8.0.2/24 dev lo')
    names.push(`PID ${await holdByFile(host, 'f')} fd 9 (sleep)`)
    names.push(expect.stringMatching(`^PID ${await holdBySocket(host, 's')} socket \\d+ \\(python3\\)$`))
  })
  afterAll(async () => host.end())

  const answer = (...args: readonly string[]) => {
    const { code, stdout, stderr } = host.try([process.execPath, main, ...args, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name)

  test.each([['show'], ['ls']])('%s lists them', (command) => {
    const said = answer(command)
    expect(named(command === 'show' ? said.netns : said)).toEqual(
      expect.arrayContaining(['host', 'a', ...names]),
    )
  })

  test.each(['10.7.0.2', '10.8.0.2'])('find knows whose %s is', (address) => {
    expect(JSON.stringify(answer('find', address))).toMatch(address === '10.7.0.2' ? /fd 9/ : /socket \d/)
  })

  test('the screen looks for them once, after everything else is there', async () => {
    const worker = await startWorker(host)
    const seen = await worker.until(({ world }) => world.netns.length === 4, 5000)
    expect(seen.world.netns.map(nameOf)).toEqual(expect.arrayContaining(['host', 'a', ...names]))
    expect(seen.world.netns.every(({ readable }) => readable === true)).toBe(true)
    const told = seen.messages.flatMap((message) => (message.type === 'world' ? [message] : []))
    expect(told[0]).toMatchObject({ seq: 1 })
    // The first whole World did not wait for them.
    const before = told.slice(0, told.findIndex(({ complete }) => complete) + 1)
    expect(before.flatMap(({ changed }) => changed).toSorted()).toEqual(['a', 'host'])
    // Known from then on without another search, and gone with who held it.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const later = await worker.look()
    expect(later.world.netns).toHaveLength(4)
    expect(later.messages.filter(({ type }) => type === 'world')).toEqual([])
    for (const netns of later.world.netns) {
      const holder = netns.holders.fds[0] ?? netns.holders.sockets[0]
      if (holder !== undefined) host.run(['kill', String(holder.pid)])
    }
    const ended = await worker.until(({ world }) => world.netns.length === 2, 5000)
    expect(ended.world.netns.map(nameOf).toSorted()).toEqual(['a', 'host'])
    expect(ended.problems).toEqual([])
    await worker.stop()
  })

  test('while it looks at many files, what changes is told, and stopping does not wait', async () => {
    // Each is asked for its link and for what it says in fdinfo: on a fast machine a second in all.
    const many = `import os, time
for _ in range(16):
    if os.fork() == 0:
        keep = [os.open('/proc/version', os.O_RDONLY) for _ in range(8000)]
        if _ == 15: print('ready', flush=True)
        time.sleep(3600)
time.sleep(3600)`
    const busy = await playHost('busy')
    try {
      busy.ip('netns add f', 'netns add a')
      const limits = ['sh', '-c', 'ulimit -n 8192; exec "$@"', 'sh']
      const name = `PID ${await holdByFile(busy, 'f')} fd 9 (sleep)`
      await busy.start([...limits, 'python3', '-c', many])
      const worker = await startWorker(busy)
      await worker.until(({ complete }) => complete, 10_000)
      let changes = 0
      let seen = await worker.look()
      const found = () => seen.world.netns.some((netns) => nameOf(netns) === name)
      for (const end = performance.now() + 60_000; !found() && performance.now() < end;) {
        const mtu = 1300 + changes
        ipLines(busy, `-n a link set lo mtu ${mtu}`)
        seen = await worker.until(({ world }) => JSON.stringify(world).includes(`"mtu":${mtu}`), 10_000)
        if (!found()) changes++
      }
      expect(found()).toBe(true)
      expect(changes).toBeGreaterThan(3)
      const stopped = await worker.stop()
      expect(stopped.code).toBe(0)
      const early = await startWorker(busy)
      await early.until(({ complete }) => complete, 10_000)
      expect((await early.stop()).ms).toBeLessThan(1000)
    } finally {
      await busy.end()
    }
  }, 120_000)
}
