import { expect, test } from 'vitest'
import { live } from './screen.ts'
import { address, link, loopback, netns, world } from '../support/world.ts'

const long = (letter: string): string => letter.repeat(90)

test('a long way to what is selected leaves the tabs alone, and is cut at its start', () => {
  const name = long('n')
  const it = live(
    world([
      netns(1, 'host', { links: [loopback()] }),
      netns(2, name, {
        links: [loopback(), link('bridge', { ifindex: 2, name: 'br0' })],
        addresses: [address(2, '10.0.0.1/24')],
      }),
    ]),
  )
  it.keys('end')
  const bar = it.text().split('\n')[1] ?? ''
  expect(bar).toMatch(/^ 1Topo 2Ns 3Rules 4Ports 5Nets 6Probes 7Log {2,}… > br0$/)
})

test('a single name that is too long is cut itself', () => {
  const it = live(world([netns(1, 'host'), netns(2, long('n'), { links: [loopback()] })]))
  it.keys('end')
  expect(it.text().split('\n')[1]).toMatch(/^ 1Topo 2Ns 3Rules 4Ports 5Nets 6Probes 7Log {2,}n+…$/)
})
