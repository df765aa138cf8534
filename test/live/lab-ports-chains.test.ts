/** docs/lab-ports.md, row by row, on a host without nft: the same rules in chains of iptables. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { change, removal, serve } from './support-lab.ts'
import { documented, hostWithOutside, outcomes, portsLab, tryTheWayOut } from './support-lab-ports.ts'

const tools = ['ip', 'iptables', 'iptables-save', 'python3', 'conntrack', 'sysctl']

describe.runIf(requires({ root: true, tools }))('published ports on a host without nft', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await hostWithOutside()
    host.try(['mount', '--bind', '/dev/null', '/usr/sbin/nft'])
  })
  afterEach(async () => host.end())

  test(
    'the policy of FORWARD drops; what stays when all is gone is empty, and said',
    { timeout: 120_000 },
    async () => {
      host.run(['iptables', '-P', 'FORWARD', 'DROP'])
      const told = await change(host, ...portsLab())
      expect(told[0]?.notes).toContainEqual(expect.stringContaining('nft is not installed'))
      const end = await serve(host, 'web', [80])
      tryTheWayOut(host)
      expect(outcomes(host)).toEqual(documented)
      await end()
      await change(host, ...removal(portsLab()))
      const saved = host.run(['iptables-save']) + host.run(['ip6tables-save'])
      expect(saved).not.toMatch(/^-A|vethscope/im)
    },
  )
})
