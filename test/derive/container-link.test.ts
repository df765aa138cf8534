import { expect, test } from 'vitest'
import { endpointLink } from '../../src/derive/container-link.ts'
import { address, link, loopback, netns } from '../support/world.ts'
import { container, endpoint } from '../support/engine.ts'

const inside = netns(300, 'web', {
  links: [
    loopback(),
    link('veth', { ifindex: 5, name: 'eth0', lladdr: '02:42:ac:11:00:02' }),
    link('veth', { ifindex: 7, name: 'eth1', lladdr: '02:42:AC:12:00:02' }),
  ],
  addresses: [
    address(5, '172.17.0.2/16'),
    address(7, '172.18.0.2/16'),
    address(5, '10.0.0.9/24'),
    address(7, '10.0.0.9/24'),
  ],
})
const web = container('web', 300)

test.each([
  ['its address', { ipv4: '172.18.0.2/16' }, 'eth1'],
  [
    'its address rather than a MAC that says otherwise',
    { ipv4: '172.18.0.2/16', mac: '02:42:ac:11:00:02' },
    'eth1',
  ],
  ['its MAC, however it is written', { mac: '02:42:ac:12:00:02' }, 'eth1'],
  ['the MAC where two links have the address', { ipv4: '10.0.0.9/24', mac: '02:42:ac:12:00:02' }, 'eth1'],
  ['nothing, when no link has it', { ipv4: '172.19.0.2/16' }, undefined],
  ['nothing, in modes host and none', {}, undefined],
])('an endpoint’s link is told by %s', (_, fields, expected) => {
  const found = endpointLink(web, endpoint('net1', fields), inside)
  expect(found === null ? undefined : 'name' in found ? found.name : found).toBe(expected)
})

test('what is not known stays unknown', () => {
  const on = endpoint('net1', { ipv4: '172.17.0.2/16' })
  const lost = container('lost', null, { state: 'running', netns: { unknown: 'gone' } })
  expect(endpointLink(lost, on, undefined)).toEqual({ unknown: 'gone' })
  expect(endpointLink(web, on, undefined)).toEqual({ unknown: 'its namespace was not found' })
  expect(endpointLink(web, on, { ...inside, links: { unknown: 'EPERM' } })).toEqual({ unknown: 'EPERM' })
  expect(endpointLink(container('ended', null), on, undefined)).toBeNull()
})
