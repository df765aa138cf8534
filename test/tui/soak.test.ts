/** A minute of `npm run soak`, with all that it asserts: every screen and popup, beside a host that never rests. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { soak } from '../soak/soak.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'nft', 'ping', 'sysctl', 'bash'] })) {
  test('a minute of soak: memory, descriptors, children, keys and the last state', async () => {
    const program = join(await buildVethscope(), 'main.js')
    const lines: string[] = []
    const seed = 1 + Math.floor(Math.random() * 1e9)
    const { problems, samples, walks } = await soak({
      program,
      minutes: 1,
      namespaces: 20,
      seed,
      say: (line) => lines.push(line),
    })
    expect(problems, `--seed ${seed}\n${lines.join('\n')}`).toEqual([])
    expect(walks).toBeGreaterThan(0)
    expect(samples.length).toBeGreaterThan(30)
  }, 300_000)
}
