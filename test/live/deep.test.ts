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
    const [first] = seen.messages.filter(({ type }) => type === 'world')
    expect(first).toMatchObject({ seq: 1 })
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
}
