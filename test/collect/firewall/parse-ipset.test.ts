import { expect, test } from 'vitest'
import { parseIpset } from '../../../src/collect/firewall/parse-ipset.ts'

test('sets with their members, and what is said about each', () => {
  const text = `create peers hash:ip,port family inet hashsize 1024 maxelem 65536 timeout 300 comment
add peers 192.0.2.1,tcp:80 timeout 299 comment "a \\"b\\""
add peers 192.0.2.2,udp:53 timeout 12
create KUBE-CLUSTER-IP hash:ip,port family inet
create empty list:set size 8
add KUBE-CLUSTER-IP 10.43.0.10,udp:53
add nobody 10.0.0.1
`
  expect(parseIpset(text)).toEqual([
    {
      name: 'peers',
      type: 'hash:ip,port',
      members: ['192.0.2.1,tcp:80 timeout 299 comment "a \\"b\\""', '192.0.2.2,udp:53 timeout 12'],
    },
    { name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', members: ['10.43.0.10,udp:53'] },
    { name: 'empty', type: 'list:set', members: [] },
  ])
  expect(parseIpset('')).toEqual([])
})
