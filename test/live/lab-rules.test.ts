/** What the rules of a lab let through and what not, on the real kernel. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { addOutside, answers, change, create, node, serve, undo } from './support-lab.ts'

const tools = ['ip', 'nft', 'iptables', 'python3', 'conntrack']

describe.runIf(requires({ root: true, tools }))('rules of a lab', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await playHost()
    await addOutside(host)
  })
  afterEach(async () => host.end())

  test('nodes go out with the host’s address, and undo leaves nothing', async () => {
    const before = stateOf(host)
    const plans = [await change(host, create('a', { subnets: ['172.20.0.0/24'] }))]
    plans.push(await change(host, node('web', 'a', { ports: ['8080:80'] })))
    await serve(host, 'outside', [80])
    expect(answers(host, [{ from: 'web', to: '198.51.100.9', port: 80 }])).toEqual(['198.51.100.1'])
    for (const plan of plans.toReversed()) undo(host, plan)
    expect(stateOf(host)).toEqual(before)
  })
})
