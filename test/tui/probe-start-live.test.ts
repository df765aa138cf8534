/** Probes started with a key from what is selected, on a host of its own: who answers, who refuses, who is silent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { join } from 'node:path'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    host.ip('link set lo up')
    host.ip('link add br0 type bridge')
    host.ip('addr add 10.7.0.1/24 dev br0')
    host.ip('link set br0 up')
    for (const [name, address] of [
      ['web', '10.7.0.2'],
      ['db', '10.7.0.3'],
    ] as const) {
      host.ip(`netns add ${name}`)
      host.ip(`link add veth-${name} type veth peer name eth0 netns ${name}`)
      host.ip(`link set veth-${name} master br0 up`)
      const inside = (words: string): void => {
        host.try(['ip', '-n', name, ...words.split(' ')])
      }
      inside('link set lo up')
      inside(`addr add ${address}/24 dev eth0`)
      inside('link set eth0 up')
      inside('route add default via 10.7.0.1')
    }
  }, 60_000)
  afterAll(async () => host.end())

  test('p Enter asks the gateway, t a neighbour by name, and both are on screen 6', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 100, rows: 30 })
    try {
      await terminal.waitFor('live')
      await terminal.press('f')
      terminal.send('veth-web')
      await terminal.waitFor(/>link +host +veth-web/, 10_000)
      await terminal.press('\r')
      await terminal.waitFor(/>.*veth-web +⇄ web/, 10_000)
      await terminal.press('p')
      await terminal.waitFor(/ping from web .*Ctrl-T from host/, 10_000)
      await terminal.waitFor(/>gateway +10\.7\.0\.1 +default gateway by eth0/, 10_000)
      await terminal.waitFor(/ db +10\.7\.0\.3/, 10_000)
      terminal.send('\r')
      await terminal.waitFor(/> +1 +web +ping gateway/, 15_000)
      await terminal.waitFor(/web +ping gateway +(run +)?.*4 of 4/, 20_000)
      await terminal.press('t')
      await terminal.waitFor('tcp from web', 10_000)
      terminal.send('db:81')
      await terminal.waitFor(/>db:81 +10\.7\.0\.3 +netns db/, 10_000)
      terminal.send('\r')
      // A mark, once it has ended: it failed.
      await terminal.waitFor(/>!? +2 +web +tcp db:81 +.*refused/, 15_000)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 60_000)
}
