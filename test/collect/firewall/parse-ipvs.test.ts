import { expect, test } from 'vitest'
import { parseIpvs } from '../../../src/collect/firewall/parse-ipvs.ts'

// As ip_vs_info_seq_show of net/netfilter/ipvs/ip_vs_ctl.c prints it; this machine's kernel has no IPVS.
const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A2B0014:0050 rr
  -> 0A2A0007:0050      Masq    1      0          3
  -> 0A2A0008:0050      Masq    2      0          0
FWM  00000100 rr
  -> 0A000005:0000      Masq    1      0          0
UDP  [fd00:0043:0000:0000:0000:0000:0000:000a]:0035 wlc persistent 300 FFFFFFFF ops
  -> [fd00:0042:0000:0000:0000:0000:0000:0002]:0035      Route   1      0          0
SCTP C0000201:2328 sh
`

test('services by address and by mark, with where they send', () => {
  expect(parseIpvs(text)).toEqual([
    {
      protocol: 'tcp',
      address: '10.43.0.20',
      port: 80,
      fwmark: null,
      scheduler: 'rr',
      destinations: [
        { address: '10.42.0.7', port: 80, method: 'Masq', weight: 1 },
        { address: '10.42.0.8', port: 80, method: 'Masq', weight: 2 },
      ],
    },
    {
      protocol: null,
      address: null,
      port: null,
      fwmark: 256,
      scheduler: 'rr',
      destinations: [{ address: '10.0.0.5', port: 0, method: 'Masq', weight: 1 }],
    },
    {
      protocol: 'udp',
      address: 'fd00:43::a',
      port: 53,
      fwmark: null,
      scheduler: 'wlc',
      destinations: [{ address: 'fd00:42::2', port: 53, method: 'Route', weight: 1 }],
    },
    { protocol: 'sctp', address: '192.0.2.1', port: 9000, fwmark: null, scheduler: 'sh', destinations: [] },
  ])
})

test('nothing but the heading, and lines that are none', () => {
  expect(parseIpvs(text.split('\n').slice(0, 3).join('\n'))).toEqual([])
  expect(parseIpvs('TCP nonsense rr\n  -> 0A2A0007:0050 Masq 1 0 0\n\n')).toEqual([])
})
