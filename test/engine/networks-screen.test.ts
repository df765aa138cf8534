/** Screen 5 beside a real Docker Engine: what its client does is seen within a second, and its networks are changed by keys. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

/** What is seen takes less than a second; this is for machines that do much else. */
const limitMs = 20_000
const applies = '\x13'
const right = '\x1b[C'

describe.runIf(requires({ root: true, tools: dockerTools }))(
  'networks of a real engine on the screen',
  () => {
    let engine: DockerHost
    let screen: TestTerminal

    beforeAll(async () => {
      const main = join(await buildVethscope(), 'main.js')
      engine = await startDocker('nets01')
      for (const name of ['web', 'db'])
        engine.docker('run', '-d', '--name', name, image, '/bin/sleep', '3600')
      screen = openTestTerminal([...engine.host.inside([process.execPath, main])], { columns: 120, rows: 40 })
      await screen.waitFor('live', limitMs)
      await screen.press('5')
      await screen.waitFor(/> +bridge +docker +bridge +172\.17\.0\.0\/16 +docker0 +2 /, limitMs)
    })
    afterAll(async () => {
      screen?.close()
      await engine?.end()
    })

    /** Milliseconds from when the client had its answer until it is on the screen. */
    async function seen(
      ask: readonly string[],
      wanted: RegExp | ((text: string) => boolean),
    ): Promise<number> {
      engine.docker(...ask)
      const began = performance.now()
      await screen.waitFor(wanted, limitMs)
      return performance.now() - began
    }

    test('what the docker client does is seen within a second', async () => {
      const took: Record<string, number[]> = { create: [], connect: [], disconnect: [], rm: [] }
      for (let round = 0; round < 5; round += 1) {
        const name = `round${round}`
        const row = (members: number) =>
          new RegExp(` ${name} +docker +bridge +172\\.\\d+\\.0\\.0/16 +br-[0-9a-f]{12} +${members} `)
        took['create']?.push(await seen(['network', 'create', name], row(0)))
        took['connect']?.push(await seen(['network', 'connect', '--alias', 'www', name, 'web'], row(1)))
        took['disconnect']?.push(await seen(['network', 'disconnect', name, 'web'], row(0)))
        took['rm']?.push(await seen(['network', 'rm', name], (text) => !text.includes(name)))
      }
      // The median: one of them may have met something else that the machine did.
      for (const [what, times] of Object.entries(took))
        expect(
          times.toSorted((a, b) => a - b)[2],
          `${what}: ${times.map(Math.round).join(' ')} ms`,
        ).toBeLessThan(1000)
    }, 120_000)

    /** Makes what the open form says once its plan is there, and gives what came of it. */
    async function made(command: RegExp): Promise<string> {
      await screen.waitFor(command, limitMs)
      await screen.press(applies)
      const text = await screen.waitFor(/, and seen to be so; change \d+|not done|! /, limitMs)
      expect(text).toMatch(/(?:done|is taken back), and seen to be so/)
      await screen.press('\r')
      await screen.waitFor(/networks \d ─ members \d/, limitMs)
      return text
    }

    const inspect = (name: string): Record<string, unknown> => {
      const [found] = engine.inspect('network', 'inspect', name) as readonly Record<string, unknown>[]
      return found ?? {}
    }

    test('rules that are lost are found, and written back from the list of findings', async () => {
      engine.docker('run', '-d', '--name', 'shown', '-p', '8080:80', image, '/bin/sleep', '3600')
      const nat = (): string =>
        engine.host.run(['iptables-save', '-t', 'nat']).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '')
      const before = nat()
      expect(before).toContain('--dport 8080 -j DNAT')
      engine.host.run(['iptables', '-t', 'nat', '-F'])
      engine.host.run(['iptables', '-t', 'nat', '-X'])
      await screen.press('1')
      // A rule changes without an event: it is looked for every 5 s, less often where much is done.
      await screen.waitFor(/!! F06 /, 3 * limitMs)
      await screen.press('!')
      await screen.waitFor('R writes the lost rules back')
      await screen.press('R')
      await screen.waitFor(/\+ iptables-restore/, limitMs)
      await screen.press(applies)
      await screen.waitFor(/done, and seen to be so; change \d+/, limitMs)
      expect(nat()).toBe(before)
      await screen.press('\r', '5')
      await screen.waitFor(/━> networks \d/)
      engine.docker('rm', '-f', 'shown')
    }, 90_000)

    test('a network is made, containers connected and taken off, and all of it is undone, by keys', async () => {
      await screen.press('a')
      await screen.waitFor(/> make a network/)
      await screen.press('\r')
      await screen.waitFor(/> name/)
      await screen.press('\x1b[A', 'd')
      await screen.waitFor(/> engine +lab +\[docker\]/)
      await screen.press('\x1b[B')
      screen.send('shop')
      await screen.press('\t', '\t')
      screen.send('10.5.0.0/24')
      const text = await made(/\+ POST \/networks\/create/)
      const { Id, Driver, IPAM } = inspect('shop')
      expect(Driver).toBe('bridge')
      expect(JSON.stringify(IPAM)).toContain('10.5.0.0/24')
      expect(text).toContain(String(Id).slice(0, 12))

      await screen.press('/')
      screen.send('shop')
      await screen.press('\r')
      await screen.waitFor(/> +shop +docker/, limitMs)
      await screen.press('c')
      await screen.waitFor(/> container +db +→ takes it/)
      await screen.press(right, '\t')
      screen.send('10.5.0.9')
      await made(/\+ POST \/networks\/shop\/connect/)
      await screen.waitFor(/ db +10\.5\.0\.9 /, limitMs)
      expect(JSON.stringify(inspect('shop')['Containers'])).toContain('10.5.0.9/24')

      await screen.press('C')
      await screen.waitFor(/> container +db +→ takes it/)
      await screen.press(right)
      await made(/\+ POST \/networks\/shop\/disconnect/)
      expect(inspect('shop')['Containers']).toEqual({})
      await screen.press('u')
      await made(/\+ POST \/networks\/shop\/connect/)
      expect(JSON.stringify(inspect('shop')['Containers'])).toContain('10.5.0.9/24')

      await screen.press('D')
      await screen.waitFor(/> remove a network/)
      await screen.press('\r')
      // Who is on it is named, and nothing is planned until it is said that they may be.
      await screen.waitFor(/> force .*disconnects db first/)
      await screen.waitFor(/── refused/, limitMs)
      await screen.press('y')
      await made(/\+ DELETE \/networks\/shop/)
      await screen.waitFor((all) => !/> +shop/.test(all), limitMs)
      expect(engine.docker('network', 'ls', '--format', '{{.Name}}')).not.toContain('shop')

      await screen.press('u')
      const undone = await made(/\+ POST \/networks\/create/)
      const again = inspect('shop')
      expect(again['Id']).not.toBe(Id)
      expect(undone).toContain(String(again['Id']).slice(0, 12))
      expect(JSON.stringify(again['Containers'])).toContain('10.5.0.9/24')
      screen.send('q')
      expect(await screen.exited()).toBe(0)
    }, 120_000)
  },
)
