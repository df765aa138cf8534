import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { portsNamed, publishText } from '../../src/change/rules/ports.ts'
import type { LabPort } from '../../src/model/lab.ts'
import { portTexts } from '../../src/netfile/port-texts.ts'

const port = (
  hostIp: string,
  hostPort: number,
  inside: number,
  protocol: 'tcp' | 'udp' = 'tcp',
): LabPort => ({
  hostIp,
  hostPort,
  port: inside,
  protocol,
})

test.each<readonly [string, readonly LabPort[], boolean, readonly string[]]>([
  ['one', [port('0.0.0.0', 80, 8080)], false, ['80:8080']],
  ['both families', [port('0.0.0.0', 80, 8080), port('::', 80, 8080)], true, ['80:8080']],
  ['IPv4 alone of a node that has both', [port('0.0.0.0', 80, 8080)], true, ['0.0.0.0:80:8080']],
  ['IPv6 alone', [port('::', 80, 8080)], true, ['[::]:80:8080']],
  [
    'IPv6 of a node that has none any more',
    [port('0.0.0.0', 80, 80), port('::', 80, 80)],
    false,
    ['80:80', '[::]:80:80'],
  ],
  ['an address', [port('127.0.0.1', 53, 53, 'udp')], false, ['127.0.0.1:53:53/udp']],
  ['a range', [port('0.0.0.0', 80, 90), port('0.0.0.0', 81, 91)], false, ['80-81:90-91']],
  [
    'no range: another protocol',
    [port('0.0.0.0', 80, 90), port('0.0.0.0', 81, 91, 'udp')],
    false,
    ['80:90', '81:91/udp'],
  ],
  ['no range: they cross', [port('0.0.0.0', 80, 91), port('0.0.0.0', 81, 90)], false, ['80:91', '81:90']],
])('%s', (_, ports, ipv6, texts) => {
  expect(portTexts(ports, ipv6)).toEqual(texts)
})

const any = fc
  .uniqueArray(
    fc.record({
      hostIp: fc.constantFrom('0.0.0.0', '::', '127.0.0.1', 'fd00::1'),
      hostPort: fc.integer({ min: 1, max: 12 }),
      port: fc.integer({ min: 1, max: 12 }),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    }),
    { selector: ({ hostIp, hostPort, protocol }) => `${hostIp} ${hostPort} ${protocol}` },
  )
  .filter((ports) => ports.length > 0)

test('what is written means the same ports', () => {
  fc.assert(
    fc.property(any, fc.boolean(), (ports, ipv6) => {
      const meant = portTexts(ports, ipv6).flatMap((text) => {
        const named = portsNamed([text])
        if (!named.ok) throw new Error(named.refusals[0]?.what)
        const isBare = text.split(':').length === 2
        // Without an address it is for both families where the node has both.
        return named.value.filter(({ hostIp }) => ipv6 || !isBare || hostIp !== '::')
      })
      expect(meant.map(publishText).toSorted()).toEqual(ports.map(publishText).toSorted())
    }),
  )
})
