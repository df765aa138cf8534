/** A lab whose rules somebody flushed: found, written back without any other change, and that taken back. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { stateOf } from '../support/host-state.ts'
import { playHost } from '../support/host.ts'
import { labOn } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'iptables'] })) {
  test('what a lab lost is found and written back by itself, and that is taken back', async () => {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.ip(
      'link add wan0 type veth peer name wan1',
      'addr add 203.0.113.1/24 dev wan0',
      'link set wan0 up',
      'route add default via 203.0.113.2',
    )
    // As Docker leaves it.
    host.run(['iptables', '-P', 'FORWARD', 'DROP'])
    host.run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'])
    const lab = await labOn(host)
    await lab.change(network('lab0', { subnets: ['172.30.0.0/24'] }))
    await lab.change(node('web', [on('lab0')], { ports: ['8080:80'] }))
    const main = join(await buildVethscope(), 'main.js')
    const found = () => {
      const { stdout } = host.try([process.execPath, main, 'findings', '--json'])
      const all = JSON.parse(stdout) as readonly { id: string; says: string; command: string }[]
      return all.filter(({ id }) => id !== 'F08')
    }
    const rules = () =>
      [...(stateOf(host)['host nft'] ?? []), ...host.run(['iptables', '-S']).split('\n')].filter((line) =>
        /masquerade|drop|accept|vethscope/i.test(line),
      )
    const whole = rules()
    const restores: Intent = { kind: 'rules-restore', engine: 'lab' }
    expect(found()).toEqual([])
    expect((await lab.plan(restores)).steps).toEqual([])

    host.run(['nft', 'flush', 'ruleset'])
    host.run(['iptables', '-P', 'FORWARD', 'DROP'])
    const bare = rules()
    const [drops, gone, ...others] = found()
    expect(gone?.says).toBe('the rules of the lab are gone: the way out and published ports do not work')
    expect([drops, gone, ...others].map((each) => [each?.id, each?.command])).toEqual([
      ['F02', 'vethscope rules restore --engine lab'],
      ['F06', 'vethscope rules restore --engine lab'],
    ])
    await lab.change(restores)
    expect(rules()).toEqual(whole)
    expect(found()).toEqual([])
    await lab.undo()
    expect(rules()).toEqual(bare)

    await lab.change(restores)
    host.run(['iptables', '-F', 'FORWARD'])
    expect(found().map(({ id }) => id)).toEqual(['F02'])
    await lab.change(restores)
    expect(rules()).toEqual(whole)
  })
}
