import { expect, test } from 'vitest'
import { pingCommand } from '../../../src/derive/probe/ping-command.ts'
import type { PingRequest } from '../../../src/model/probe.ts'
import { netns, world } from '../../support/world.ts'

const host = netns(1, 'vm01')
const web = netns(2, 'web')
const seen = world([host, web])
const target = { text: 'db', address: '10.0.0.3', family: 4, from: null } as const
const request = (fields: Partial<PingRequest> = {}): PingRequest => ({
  kind: 'ping',
  place: { netns: { id: web.id, name: 'web' }, dev: 4, paths: [], sockets: [], user: null },
  target,
  count: 4,
  intervalMs: 1000,
  size: 56,
  dontFragment: false,
  ttl: null,
  link: null,
  timeoutMs: 1000,
  findMtu: false,
  ...fields,
})

test('the line that a person would type, from where it starts', () => {
  expect(pingCommand(seen, web, request())).toBe('ip netns exec web ping -c 4 -W 1 10.0.0.3')
  expect(pingCommand(seen, host, request({ count: null }))).toBe('ping -W 1 10.0.0.3')
})

test('every option that is not as ping has it', () => {
  const all = { intervalMs: 200, size: 1400, dontFragment: true, ttl: 9, link: 'eth0', timeoutMs: 2500 }
  expect(pingCommand(seen, host, request(all))).toBe(
    'ping -c 4 -i 0.2 -s 1400 -M do -t 9 -I eth0 -W 2.5 10.0.0.3',
  )
})

test('a name that is still to be resolved, and words that a shell would take apart', () => {
  const resolver = { from: '', resolvConf: null, hosts: null, nsswitch: null }
  const sought = { text: 'www.example.org', family: 6, resolver } as const
  expect(pingCommand(seen, host, request({ target: sought }))).toBe('ping -6 -c 4 -W 1 www.example.org')
  expect(pingCommand(seen, host, request({ link: 'a;reboot' }))).toContain("-I 'a;reboot' ")
})

test('looking for the MTU is what tracepath does', () => {
  expect(pingCommand(seen, web, request({ findMtu: true }))).toBe(
    'ip netns exec web tracepath -4 -n 10.0.0.3',
  )
})
