import { expect, test } from 'vitest'
import { iptablesText } from '../../../src/change/rules/iptables-text.ts'
import { tableText } from '../../../src/change/rules/table-text.ts'
import { lab, network, node, noLab, port } from './support-rules.ts'

const b = network('b', { subnets: [{ subnet: '172.21.0.0/24', gateway: '172.21.0.1', ipRange: null }] })
const internal = network('c', {
  internal: true,
  subnets: [{ subnet: '172.22.0.0/24', gateway: '172.22.0.1', ipRange: null }],
})
const all = lab([network('a'), b, internal], [node('web', 'a', '172.20.0.2/24', [port])])
const none = tableText(noLab, 'ip')

test('each rule of nft in the words of iptables', () => {
  expect(iptablesText(none, tableText(all, 'ip')).split('\n')).toEqual([
    '*raw',
    ':VETHSCOPE-RAW - [0:0]',
    '-I PREROUTING -m comment --comment vethscope:chain -j VETHSCOPE-RAW',
    '-A VETHSCOPE-RAW ! -i lo -s 127.0.0.0/8 -m comment --comment vethscope:loopback -j DROP',
    '-A VETHSCOPE-RAW ! -i lo -d 127.0.0.0/8 -m comment --comment vethscope:loopback -j DROP',
    'COMMIT',
    '*nat',
    ':VETHSCOPE-PREROUTING - [0:0]',
    ':VETHSCOPE-OUTPUT - [0:0]',
    ':VETHSCOPE-POSTROUTING - [0:0]',
    '-I PREROUTING -m comment --comment vethscope:chain -j VETHSCOPE-PREROUTING',
    '-I OUTPUT -m comment --comment vethscope:chain -j VETHSCOPE-OUTPUT',
    '-I POSTROUTING -m comment --comment vethscope:chain -j VETHSCOPE-POSTROUTING',
    '-A VETHSCOPE-PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport 8080 -m comment --comment vethscope:a:web -j DNAT --to-destination 172.20.0.2:80',
    '-A VETHSCOPE-OUTPUT -m addrtype --dst-type LOCAL -p tcp --dport 8080 -m comment --comment vethscope:a:web -j DNAT --to-destination 172.20.0.2:80',
    '-A VETHSCOPE-POSTROUTING -o a -m conntrack --ctstate DNAT -s 172.20.0.0/24 -m comment --comment vethscope:a:back -j MASQUERADE',
    '-A VETHSCOPE-POSTROUTING -o a -m conntrack --ctstate DNAT -s 127.0.0.0/8 -m comment --comment vethscope:a:back -j MASQUERADE',
    ...['a', 'b'].flatMap((name) => {
      const from = `-A VETHSCOPE-POSTROUTING -s 172.2${name === 'a' ? 0 : 1}.0.0/24`
      const end = `-m comment --comment vethscope:${name} -j`
      return [...['a', 'b', 'c'].map((out) => `${from} -o ${out} ${end} RETURN`), `${from} ${end} MASQUERADE`]
    }),
    'COMMIT',
    '*mangle',
    ':VETHSCOPE-GUARD - [0:0]',
    '-I FORWARD -m comment --comment vethscope:chain -j VETHSCOPE-GUARD',
    '-A VETHSCOPE-GUARD -i c ! -o c -m comment --comment vethscope:c:internal -j DROP',
    '-A VETHSCOPE-GUARD ! -i c -o c -m comment --comment vethscope:c:internal -j DROP',
    '-A VETHSCOPE-GUARD -m conntrack --ctstate ESTABLISHED,RELATED -m comment --comment vethscope:back -j RETURN',
    '-A VETHSCOPE-GUARD -o a -m conntrack --ctstate DNAT -d 172.20.0.2 -p tcp --dport 80 -m comment --comment vethscope:a:web -j RETURN',
    ...['a b', 'a c', 'b a', 'b c', 'c a', 'c b'].map((pair) => {
      const [from = '', to = ''] = pair.split(' ')
      return `-A VETHSCOPE-GUARD -i ${from} -o ${to} -m comment --comment vethscope:${from}:isolation -j DROP`
    }),
    'COMMIT',
    '',
  ])
})

test('what goes away goes with its jump', () => {
  expect(iptablesText(tableText(lab([network('a')]), 'ip'), none).split('\n')).toEqual([
    '*nat',
    ':VETHSCOPE-POSTROUTING - [0:0]',
    '-D POSTROUTING -m comment --comment vethscope:chain -j VETHSCOPE-POSTROUTING',
    '-X VETHSCOPE-POSTROUTING',
    'COMMIT',
    '',
  ])
})
