import { expect, test } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { playHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

/** Follows a namespace by its events, reading only what they name, and compares with a whole reading after each step. */
const program = `
import { statSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { loadLibc } from './src/collect/kernel/libc.ts'
import { netlinkReader } from './src/collect/kernel/netlink-reader.ts'
const [steps] = JSON.parse(process.argv[2])
const reader = netlinkReader((await loadLibc()).value)
const { dev, ino } = statSync('/run/netns/a', { bigint: true })
const found = { id: String(ino), dev: Number(dev), ino, names: [], paths: ['/run/netns/a'],
  holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] } }
await reader.know([found])
let known = (await reader.readTables(found)).tables
const tables = ['links', 'addresses', 'routes', 'policyRules', 'nexthopObjects', 'fdb']
const plain = (rows) => rows.map((row) => JSON.stringify(row, (key, value) => (['stats', 'used', 'updated', 'confirmed'].includes(key) ? undefined : value))).sort()
const all = (of) => Object.fromEntries(tables.map((table) => [table, plain(of[table])]))
// What a bridge learnt from a packet comes at random, with an event of the neighbours' kind.
const told = (row) => row.state !== '' || row.flags.length > 0 || row.lladdr === undefined
const differ = (a, b) => tables.flatMap((table) => {
  const [left, right] = [plain(a[table].filter(told)), plain(b[table].filter(told))]
  return [...left.filter((row) => !right.includes(row)).map((row) => 'only in parts: ' + row),
    ...right.filter((row) => !left.includes(row)).map((row) => 'only in the whole: ' + row),
    ...(left.length === right.length ? [] : [table + ': ' + left.length + ' and ' + right.length])]
})
const report = []
let parts = 0
for (const step of steps) {
  try { execFileSync('ip', ['-n', 'a', ...step.split(' ')], { stdio: ['ignore', 'ignore', 'pipe'] }) }
  catch (error) { report.push({ step, failed: String(error.stderr) }) }
  let wrong = []
  for (let turn = 0; turn < 60; turn++) {
    for (const event of reader.observation.drain()) {
      if (event.type !== 'tables' || event.id !== found.id) continue
      const { ifindexes, policyRules, more } = event.touched
      if (more && !step.startsWith('nexthop') && !step.includes('blackhole')) report.push({ step, more })
      const read = await reader.readParts(found, known, { ifindexes: [...ifindexes],
        tables: [...(policyRules ? ['policyRules'] : []), ...(more ? ['routes', 'nexthopObjects'] : [])] })
      if ('errno' in read) { report.push({ step, read }); continue }
      parts += ifindexes.size
      known = { ...known, ...read }
    }
    const whole = (await reader.readTables(found)).tables
    wrong = differ(known, whole)
    if (wrong.length === 0 && turn > 2) break
    await new Promise((done) => setTimeout(done, 20))
  }
  if (wrong.length > 0) report.push({ step, wrong })
}
reader.close()
console.log(JSON.stringify({ report, parts, links: known.links.length, routes: known.routes.length }))
`

const steps = [
  'link set lo up',
  'link add v1 type veth peer name w1',
  'link set v1 up',
  'link set w1 up',
  'addr add 10.1.0.1/24 dev v1',
  'addr add 10.1.0.7/24 dev v1',
  'addr add fd00::1/64 dev v1 nodad',
  'route add 10.9.0.0/16 via 10.1.0.2 dev v1 src 10.1.0.7',
  'route add default via 10.1.0.2',
  'route add fd01::/64 via fd00::2',
  'link add v2 type veth peer name w2',
  'link set v2 up',
  'addr add 10.2.0.1/24 dev v2',
  'link set w2 up',
  'route add 10.8.0.0/16 nexthop via 10.1.0.2 dev v1 weight 2 nexthop via 10.2.0.2 dev v2',
  'route add blackhole 10.7.0.0/16',
  'rule add from 10.1.0.0/16 lookup 100',
  '-6 rule add from fd00::/8 lookup 101',
  'rule del from 10.1.0.0/16 lookup 100',
  // The routes of IPv4 go with it without a word, and those through it on w1's side are dead.
  'link set v1 down',
  'link set v1 up',
  'link set w2 down',
  'link set w2 up',
  'addr del 10.1.0.7/24 dev v1',
  'link set v1 mtu 1400',
  'link set v1 alias wan',
  'link set v1 address 02:00:00:00:00:01',
  'link property add dev v1 altname outside',
  'link set v1 down',
  'link set v1 name v9',
  'link set v9 up',
  'link add br0 type bridge',
  'link set br0 up',
  'link set w1 master br0',
  'addr add 10.3.0.1/24 dev br0',
  'link set w1 type bridge_slave cost 7',
  'link set w1 nomaster',
  'link set br0 type bridge ageing_time 1000',
  'nexthop add id 7 via 10.2.0.2 dev v2',
  'route add 10.6.0.0/16 nhid 7',
  'link set w2 netns b',
  'link del v9',
  'addr flush dev v2',
  'link del br0',
  'link set lo down',
]

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  test('what is read in parts, as events name it, is what is there', async () => {
    const file = await bundle(program)
    const host = await playHost()
    try {
      for (const line of ['netns add a', 'netns add b']) host.run(['ip', ...line.split(' ')])
      const out = host.run([process.execPath, file, JSON.stringify([steps])])
      expect(JSON.parse(out)).toEqual({
        report: [],
        parts: expect.any(Number) as number,
        links: 2,
        routes: expect.any(Number) as number,
      })
      expect((JSON.parse(out) as { parts: number }).parts).toBeGreaterThan(steps.length)
    } finally {
      await host.end()
    }
  }, 120_000)
}
