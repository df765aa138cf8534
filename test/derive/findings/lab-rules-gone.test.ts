/** Rules of a lab that are gone: found only where they are certain to be needed, and apart from what an engine beside it lost. */
import { expect, test } from 'vitest'
import { labRulesGone } from '../../../src/derive/findings/lab-rules-gone.ts'
import type { HostLab, LabNetwork } from '../../../src/model/lab.ts'
import { netnsId } from '../../../src/model/ids.ts'
import { chain, firewall, iptables, nftTable } from '../../support/ruleset.ts'
import { lab, network, node, port } from '../../change/rules/support-rules.ts'

const subnet6 = { subnet: 'fd00:7::/64', gateway: 'fd00:7::1', ipRange: null }
const on = (fields: Partial<LabNetwork>, nodes: Parameters<typeof lab>[1] = []): HostLab => ({
  ...lab([network('a', fields)], nodes),
  host: netnsId(1),
})
const bare = firewall([])

test.each<{ is: string; lab: HostLab; gone: readonly string[] }>([
  { is: 'a network with a way out', lab: on({}), gone: ['ip: the way out'] },
  {
    is: 'one of IPv6 alone',
    lab: on({ subnets: [subnet6] }),
    gone: ['ip6: the way out'],
  },
  {
    is: 'a published port of a network that is not masqueraded',
    lab: on({ masquerade: false }, [node('web', 'a', '172.20.0.2/24', [port])]),
    gone: ['ip: published ports'],
  },
  {
    is: 'a port of ::, which leads to no address',
    lab: on({ masquerade: false }, [node('web', 'a', '172.20.0.2/24', [{ ...port, hostIp: '::' }])]),
    gone: [],
  },
  {
    is: 'one that is closed',
    lab: on({ internal: true }),
    gone: ['ip: what closes a', 'ip6: what closes a'],
  },
  { is: 'nothing that is certain', lab: on({ masquerade: false }), gone: [] },
  { is: 'no bridge of the host', lab: on({ bridge: null, driver: 'macvlan' }), gone: [] },
  {
    is: 'a plain masquerade, and one elsewhere',
    lab: {
      ...lab([]),
      host: netnsId(1),
      masquerades: [
        { at: 'host', subnet: '10.0.0.0/24', out: null },
        { at: '/run/netns/r', subnet: 'fd00::/64', out: null },
      ],
    },
    gone: ['ip: the way out'],
  },
])('$is', ({ lab, gone }) => {
  expect(labRulesGone(lab, bare).map(({ family, what }) => `${family}: ${what.join(', ')}`)).toEqual(gone)
})

test('what is left of them, natively or in chains of iptables, is not gone', () => {
  const native = firewall([nftTable('ip', 'vethscope', [chain('guard', [])])])
  const chains = firewall([iptables('nat', '-A VETHSCOPE-POSTROUTING -s 172.20.0.0/24 -j MASQUERADE')])
  const emptied = firewall([iptables('nat', '-N VETHSCOPE-POSTROUTING')])
  expect([native, chains, emptied].map((each) => labRulesGone(on({}), each).length)).toEqual([0, 0, 1])
})
