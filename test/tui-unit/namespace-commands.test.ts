/** `y` on the Namespaces screen copies what shows the same as the sheet that is shown, which is its `$` line. */
import { expect, test } from 'vitest'
import { hiddenNetnsId, netnsId, nsid } from '../../src/model/ids.ts'
import { netns, world } from '../support/world.ts'
import { opened, turnedTo } from './namespaces-screen.ts'
import type { Screen } from './screen.ts'

const copied = (it: Screen) => it.effects.flatMap((effect) => (effect.type === 'copy' ? [effect.text] : []))

const none = { processes: [], threads: [], fds: [], sockets: [], mounts: [] }
const dns = (id: number, path: string) => ({
  mountNamespace: '1',
  netns: [netnsId(id)],
  path,
  resolvConf: 'nameserver 9.9.9.9',
  hosts: '',
  nsswitch: '',
})

const given = world(
  [
    netns(100, 'host', { names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }] }),
    netns(200, 'ctr', {
      names: [{ name: 'ctr', source: 'process', path: '/proc/812/ns/net' }],
      holders: { ...none, processes: [812] },
    }),
    netns(300, 'web'),
    netns(400, 'zed'),
  ],
  { dns: [dns(200, '/proc/812/root'), dns(300, '/etc/netns/web')] },
)

const inNamed = (command: string): string => `ip netns exec web ${command}`
const inCtr = (command: string): string => `nsenter -t 812 -n ${command}`
const routes = 'ip route show table all; ip rule; ip -6 rule'
const drops = 'ip -s -s link; nstat -asz'
const queues = 'tc -s qdisc; ip xfrm policy'

/** Sheet, of the host, of the one without a name in /run/netns, of the one with. */
const rows = [
  ['OVERVIEW', 'ip addr', inCtr('ip addr'), inNamed('ip addr')],
  [
    'PROCESSES',
    'lsns -o PID,PPID,USER,COMMAND 100',
    'lsns -o PID,PPID,USER,COMMAND 200',
    'ip netns pids web',
  ],
  ['LINKS', 'ip -d link', inCtr('ip -d link'), inNamed('ip -d link')],
  ['ROUTES', routes, inCtr(`sh -c '${routes}'`), inNamed(`sh -c '${routes}'`)],
  ['NEIGHBOURS', 'ip neigh show nud all', inCtr('ip neigh show nud all'), inNamed('ip neigh show nud all')],
  ['SOCKETS', 'ss -tuapn', inCtr('ss -tuapn'), inNamed('ss -tuapn')],
  ['DNS', 'cat /etc/resolv.conf', 'cat /proc/812/root/etc/resolv.conf', inNamed('cat /etc/resolv.conf')],
  ['SYSCTLS', 'sysctl net', inCtr('sysctl net'), inNamed('sysctl net')],
  ['DROPS', drops, inCtr(`sh -c '${drops}'`), inNamed(`sh -c '${drops}'`)],
  ['TC, IPSEC, EBPF', queues, inCtr(`sh -c '${queues}'`), inNamed(`sh -c '${queues}'`)],
] as const

test.each(rows.map((row, at) => [at, ...row] as const))('%i %s', (at, sheet, ...commands) => {
  const it = opened(given, { columns: 120, rows: 40 })
  it.keys(...Array.from({ length: at }, () => '}'))
  expect(it.line('── host')).toContain(sheet)
  for (const command of commands) {
    expect(it.line(' $ ')).toBe(` $ ${command}`)
    it.keys('y', 'j')
  }
  expect(copied(it)).toEqual(commands)
})

test('a small screen has it below what it is about', () => {
  const small = opened(given, { columns: 60, rows: 20 })
  turnedTo(small, 'ROUTES')
  const lines = small.text().split('\n')
  const at = lines.findIndex((line) => line.startsWith(' $ '))
  expect(at).toBeGreaterThan(lines.findIndex((line) => line.includes('ROUTES')) + 1)
})

test('none leads to a namespace that no file leads to', () => {
  const hidden = { ...netns(500, 'x', { names: [] }), id: hiddenNetnsId(netnsId(100), nsid(2)) }
  const it = opened(world([netns(100, 'host'), hidden]), { columns: 120, rows: 40 })
  it.keys('j')
  for (const _ of rows) {
    expect(it.line(' $ ')).toBe('')
    it.keys('}')
  }
  it.keys('y')
  expect(copied(it)).toEqual([])
})
