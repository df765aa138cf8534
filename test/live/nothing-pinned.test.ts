/** While the screen is open, what others delete goes away, and what they make is there soon. */
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import type { TestTerminal } from '../support/terminal.ts'
import { openScreen } from './support-screen.ts'

/** A second is what is promised; a machine under load gets more, and what is pinned has no time that is enough. */
const soonMs = 5000

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  let program = ''
  let host: TestHost
  let terminal: TestTerminal
  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
  })
  beforeEach(async () => {
    host = await playHost()
    host.ip(
      'link add br0 type bridge',
      'link set br0 up',
      ...container('web'),
      ...container('api'),
      ...container('db'),
    )
  })
  afterEach(async () => host.end())

  function container(name: string): readonly string[] {
    return [
      `netns add ${name}`,
      `link add v-${name} type veth peer name eth0 netns ${name}`,
      `link set v-${name} master br0 up`,
    ]
  }

  async function openFilled(): Promise<void> {
    terminal = await openScreen(host, program, { columns: 120, rows: 40 })
    await terminal.waitFor(() => ['web', 'api', 'db'].every(isShown), soonMs)
  }

  /** The rows of the tree, at 120×40; what was said of what is gone stays beside it, among the recent changes. */
  const tree = () => terminal.screen.rows().map((row) => `${row.split(' │')[0]} `)
  const isShown = (name: string) => tree().some((row) => row.includes(`v-${name} `))

  /** The kernel takes the namespace's end of the pair with it, and with that the host's. */
  const hasLink = (name: string) => host.run(['ip', '-o', 'link']).includes(` v-${name}@`)
  async function expectGone(name: string): Promise<void> {
    await expect.poll(() => hasLink(name), { timeout: soonMs }).toBe(false)
    await terminal.waitFor(() => !isShown(name), soonMs)
  }

  async function jumpTo(name: string): Promise<void> {
    terminal.send('f')
    await terminal.waitFor('find:')
    terminal.send(`\x1b[200~${name}\x1b[201~`)
    await terminal.waitFor(new RegExp(`>link +host +${name}`))
    terminal.send('\r')
    await terminal.waitFor(`── ${name} in host `)
  }

  async function quit(): Promise<void> {
    terminal.send('q')
    expect(await terminal.exited(15_000)).toBe(0)
  }

  test('a namespace that is deleted is gone, and so is the end of its pair in the host', async () => {
    await openFilled()
    expect(terminal.text()).toContain('4 ns')
    host.ip('netns del api')
    await expectGone('api')
    await terminal.waitFor(' 3 ns', soonMs)
    expect(isShown('web')).toBe(true)
    host.ip('netns del web', 'netns del db')
    await expectGone('web')
    await expectGone('db')
    await quit()
  })

  test('also the one that is selected, while its details are read each second', async () => {
    await openFilled()
    await jumpTo('v-api')
    terminal.send('\r')
    await terminal.waitFor('── eth0 in api ', soonMs)
    host.run(['ip', '-n', 'api', 'addr', 'add', '10.5.0.9/24', 'dev', 'eth0'])
    await terminal.waitFor('10.5.0.9', soonMs)
    // Let the counters and details be read again, so that something is open when it goes, if ever.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    host.ip('netns del api')
    // What vanished under the selection is marked, and stays for a moment.
    await terminal.waitFor(() => tree().some((row) => /v-api .*gone/.test(row)), soonMs)
    await expectGone('api')
    await terminal.press('home', 'down')
    expect(tree().some((row) => row.startsWith('>'))).toBe(true)
    await quit()
  })

  test('one that a process keeps stays, shown by that process, until the process ends', async () => {
    const pid = await host.start(['ip', 'netns', 'exec', 'db', 'sh', '-c', 'echo $$; exec sleep 1000'])
    await openFilled()
    host.ip('netns del db')
    await terminal.waitFor(() => tree().some((row) => /v-db +⇄ .*(sleep|PID|pid)/.test(row)), soonMs)
    expect(hasLink('db')).toBe(true)
    host.run(['kill', '-KILL', pid])
    await expectGone('db')
    await quit()
  })

  test('new ones are there within a second, with a name and without', async () => {
    await openFilled()
    const took: number[] = []
    for (const name of ['one', 'two', 'three']) {
      const start = performance.now()
      host.ip(...container(name))
      await terminal.waitFor(
        () => tree().some((row) => new RegExp(`v-${name} +⇄ ${name} `).test(row)),
        soonMs,
      )
      took.push(performance.now() - start)
    }
    expect(Math.min(...took)).toBeLessThan(1000)
    // Known by nothing but its process: the next scan finds it.
    const pid = await host.start(['unshare', '--net', 'sh', '-c', 'echo $$; exec sleep 1000'])
    await terminal.waitFor(() => tree().some((row) => row.includes(`${pid} (sleep)`)), soonMs)
    host.run(['kill', '-KILL', pid])
    await terminal.waitFor(() => !tree().some((row) => row.includes(`${pid} (sleep)`)), soonMs)
    await quit()
  })
}
