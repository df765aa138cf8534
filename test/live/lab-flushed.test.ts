/** Somebody flushed all rules of the host while a lab stands: what is changed next writes the lab's own anew. */
import { expect, onTestFinished, test } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import { playHost } from '../support/host.ts'
import { labOn } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft'] })) {
  test('after nft flush ruleset a node can be added, which brings the rules back, and all of it taken away', async () => {
    const host = await playHost()
    onTestFinished(() => host.end())
    const lab = await labOn(host)
    const before = stateOf(host)
    await lab.change(network('lab0', { subnets: ['172.30.0.0/24'] }))
    const whole = stateOf(host)['host nft']
    host.run(['nft', 'flush', 'ruleset'])
    const added = await lab.change(node('web', [on('lab0')]))
    expect(added.notes.join('\n')).toContain('nft table ip vethscope was gone (a flush?)')
    // What is recorded of forwarding went with the flush.
    const rules = (lines: readonly string[] = []) =>
      lines.filter((line) => /masquerade|drop|accept /.test(line))
    expect(rules(stateOf(host)['host nft'])).toEqual(rules(whole))
    await lab.change({ kind: 'node-rm', name: 'web' })
    host.run(['nft', 'flush', 'ruleset'])
    await lab.change({ kind: 'net-rm', name: 'lab0' })
    expect(stateOf(host)['host nft']).toEqual(before['host nft'])
    expect(stateOf(host)['host link']).toEqual(before['host link'])
  })

  test('where something of the lab’s own table is flushed or put in, each change writes it anew', async () => {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.ip(
      'link add wan0 type veth peer name wan1',
      'addr add 203.0.113.1/24 dev wan0',
      'link set wan0 up',
      'route add default via 203.0.113.2',
    )
    const lab = await labOn(host)
    const before = stateOf(host)
    await lab.change(network('lab0', { subnets: ['172.30.0.0/24'] }))
    await lab.change(network('lab1', { subnets: ['172.30.1.0/24'], internal: true }))
    const rules = () =>
      (stateOf(host)['host nft'] ?? []).filter((line) => /masquerade|drop|accept/.test(line))
    const whole = rules()
    const anew = 'nft table ip vethscope was not as the lab needs it'

    host.run(['nft', 'flush', 'chain', 'ip', 'vethscope', 'guard'])
    const flushed = rules()
    const restore = await lab.plan({ kind: 'rules-restore', engine: 'lab' })
    // Killed before its command ran: what it did not do is not left over.
    expect(await lab.killed(restore, 'after-step-line:1')).toBe(true)
    expect((await lab.cleanup()).cleaned.map(({ left }) => left)).toEqual([[]])
    expect(rules()).toEqual(flushed)
    const added = await lab.change(node('web', [on('lab0')]))
    expect(added.notes.join('\n')).toContain(anew)
    expect(rules()).toEqual(whole)

    host.run(['nft', 'add', 'rule', 'ip', 'vethscope', 'postrouting', 'counter', 'accept'])
    await lab.change({ kind: 'node-rm', name: 'web' })
    expect(rules()).toEqual(whole)

    host.run(['nft', 'flush', 'table', 'ip', 'vethscope'])
    const bare = await lab.change({ kind: 'net-rm', name: 'lab1' })
    expect(bare.notes.join('\n')).toContain(
      'whether forwarding of IPv4 was turned on for the lab is not known',
    )
    expect(rules().join('\n')).toContain('ip saddr 172.30.0.0/24 oifname != "lab0" masquerade')

    host.run(['nft', 'flush', 'table', 'ip', 'vethscope'])
    await lab.change({ kind: 'net-rm', name: 'lab0' })
    const after = stateOf(host)
    expect([after['host nft'], after['host link']]).toEqual([before['host nft'], before['host link']])
  })
}
