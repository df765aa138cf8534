/** docs/lab-ports.md, row by row, on a host without iptables; and where another nft table drops what is forwarded. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import type { TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { change, changes, removal, serve } from './support-lab.ts'
import { documented, hostWithOutside, outcomes, portsLab, tryTheWayOut } from './support-lab-ports.ts'

const tools = ['ip', 'nft', 'python3', 'conntrack', 'sysctl']
const hidden = ['xtables-nft-multi', 'xtables-legacy-multi']

const fence = `
table inet fence {
  chain transit {
    type filter hook forward priority 0; policy drop;
    ip saddr 198.51.100.0/24 ip daddr 203.0.113.0/24 accept comment "theirs"
  }
}
`

describe.runIf(requires({ root: true, tools }))('published ports on a host without iptables', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await hostWithOutside()
    for (const name of hidden) host.try(['mount', '--bind', '/dev/null', `/usr/sbin/${name}`])
  })
  afterEach(async () => host.end())

  test('nothing drops', { timeout: 120_000 }, async () => {
    await change(host, ...portsLab())
    await serve(host, 'web', [80])
    tryTheWayOut(host)
    expect(outcomes(host)).toEqual(documented)
  })

  test(
    'another table drops: refused, or a rule there where that is asked for',
    { timeout: 120_000 },
    async () => {
      host.run(['nft', '-f', '-'], { input: fence })
      const before = stateOf(host)
      const [first] = await changes(host, portsLab().slice(0, 1))
      expect(first?.refusals).toEqual([
        'the policy of chain transit (table inet fence) would drop what nodes of a send out by up0, and an accept in another table cannot help',
      ])
      expect(stateOf(host)).toEqual(before)
      const intents = portsLab(true)
      // A rule of nft is deleted by its handle, which nobody knows before it is there.
      await change(host, ...intents.slice(0, 1), 'undo')
      expect(stateOf(host)).toEqual(before)
      await change(host, ...intents)
      const end = await serve(host, 'web', [80])
      tryTheWayOut(host)
      expect(outcomes(host)).toEqual(documented)
      await end()
      await change(host, ...removal(intents))
      expect(stateOf(host)).toEqual(before)
    },
  )
})
