import { expect, test } from 'vitest'
import { withOptions } from '../../../src/change/lab/network-options.ts'
import type { IntentOf } from '../../../src/model/intent.ts'
import { wish } from './support-nets.ts'

const applied = (fields: Partial<IntentOf<'net-create'>>) => {
  const found = withOptions(wish(fields))
  return found.ok
    ? found.value
    : found.refusals.map(({ what, hint }) => `${what}${hint === undefined ? '' : ` (${hint})`}`)
}

test('Docker’s names stand for ours', () => {
  const options = {
    'com.docker.network.bridge.name': 'br7',
    'com.docker.network.bridge.enable_icc': 'false',
    'com.docker.network.bridge.enable_ip_masquerade': '0',
    'com.docker.network.driver.mtu': '1400',
  }
  expect(applied({ options })).toMatchObject({
    bridgeName: 'br7',
    icc: false,
    masquerade: false,
    mtu: 1400,
    options,
  })
  expect(applied({ driver: 'macvlan', options: { parent: 'eth0', macvlan_mode: 'vepa' } })).toMatchObject({
    parent: 'eth0',
    mode: 'vepa',
  })
  expect(
    applied({ driver: 'vxlan', options: { 'com.docker.network.driver.overlay.vxlanid_list': '42' } }),
  ).toMatchObject({ vni: 42 })
})

test('what the switch turns off stays off', () => {
  const options = { 'com.docker.network.bridge.enable_icc': 'true' }
  expect(applied({ icc: false, options })).toMatchObject({ icc: false })
})

test('an unknown one is refused with those that there are, one of another driver, too', () => {
  expect(applied({ options: { encrypted: '' } })).toEqual([
    expect.stringMatching(/^option encrypted is not known \(known: com.docker.network.bridge.name, .*\)$/),
  ])
  expect(applied({ options: { parent: 'eth0' } })).toEqual([
    expect.stringMatching(/^option parent is not one of driver bridge/),
  ])
  expect(applied({ options: { constructor: '1' } })).toEqual([expect.stringMatching(/is not known/)])
})

test.each([
  ['com.docker.network.bridge.enable_icc', 'yes', /it is true or false/],
  ['com.docker.network.driver.mtu', '1e3', /it is a number/],
  ['com.docker.network.driver.mtu', '1400', /1500 is asked for, too/],
])('%s=%s is refused', (name, value, says) => {
  expect(applied({ mtu: 1500, options: { [name]: value } })).toEqual([expect.stringMatching(says)])
})
