/** What a lab's own rules drop they count: a probe that fails by one of them names it. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { playHost } from '../support/host.ts'
import { labOn } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'ping'] })) {
  test('what keeps two networks apart is named after a ping that it stopped', async () => {
    const host = await playHost()
    onTestFinished(() => host.end())
    const lab = await labOn(host)
    for (const [name, subnet] of [
      ['red', '172.30.0.0/24'],
      ['blue', '172.30.1.0/24'],
    ] as const) {
      await lab.change(network(name, { subnets: [subnet] }))
      await lab.change(node(`${name}1`, [on(name)]))
    }
    const main = join(await buildVethscope(), 'main.js')
    const ping = ['ping', 'red1', '172.30.1.2', '-c', '2', '-W', '1']
    const { code, stdout } = host.try([process.execPath, main, ...ping])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /host +vethscope guard \d+ DROP +\+2\n +packets that came in by red and leave by blue are dropped/,
    )
  })
}
