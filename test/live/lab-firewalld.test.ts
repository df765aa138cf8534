/** A lab on a host with a real firewalld, which drops what it does not know: the lab's bridge gets a zone, and leaves it again. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'
import { addOutside, answers, serve } from './support-lab.ts'

const tools = ['ip', 'nft', 'ping', 'python3', 'firewalld', 'firewall-cmd', 'dbus-daemon']

describe.runIf(requires({ root: true, tools }))('a lab beside firewalld', () => {
  let host: TestHost
  let lab: LabRunner
  beforeAll(async () => {
    host = await playHost()
    await addOutside(host)
    host.run(['mkdir', '-p', '/run/dbus'])
    host.spawn(['dbus-daemon', '--system', '--nofork', '--nopidfile'])
    await vi.waitFor(() => host.run(['test', '-S', '/run/dbus/system_bus_socket']), 10_000)
    host.spawn(['firewalld', '--nofork', '--nopid'])
    await vi.waitFor(() => expect(host.run(['firewall-cmd', '--state'])).toContain('running'), {
      timeout: 30_000,
      interval: 200,
    })
    lab = await labOn(host)
  }, 60_000)
  afterAll(async () => host.end())

  test('its nodes reach the outside and are reached by a published port; afterwards firewalld is as before', async () => {
    // firewalld keeps the chains of a zone from its first use on.
    host.run(['firewall-cmd', '-q', '--zone=trusted', '--add-interface=nobody'])
    host.run(['firewall-cmd', '-q', '--zone=trusted', '--remove-interface=nobody'])
    const before = stateOf(host)
    const zones = host.run(['firewall-cmd', '--get-active-zones'])
    const made = await lab.change(network('lab0', { subnets: ['172.30.0.0/24'] }))
    expect(made.steps.map(({ title }) => title)).toContain(
      'put lab0 into zone trusted of firewalld, until it is reloaded',
    )
    await lab.change(node('web', [on('lab0')], { ports: ['8080:80'] }))
    expect(host.run(['firewall-cmd', '--zone=trusted', '--list-interfaces'])).toContain('lab0')
    const endWeb = await serve(host, 'web', [80])
    const endOutside = await serve(host, 'outside', [81])
    const reached = answers(host, [
      { from: 'web', to: '198.51.100.9', port: 81 },
      { from: 'outside', to: '198.51.100.1', port: 8080 },
      { from: 'host', to: '127.0.0.1', port: 8080 },
    ])
    expect(reached).toEqual(['198.51.100.1', '198.51.100.9', '172.30.0.1'])
    await endWeb()
    await endOutside()
    await lab.change({ kind: 'node-rm', name: 'web' })
    await lab.change({ kind: 'net-rm', name: 'lab0' })
    expect(host.run(['firewall-cmd', '--get-active-zones'])).toBe(zones)
    expect(stateOf(host)).toEqual(before)
  })
})
