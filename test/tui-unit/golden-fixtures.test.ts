/** The recorded hosts as whole frames, with the facts that each must show at every size. Times are UTC here. */
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { expectGolden } from './golden.ts'
import { screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

type Fixture = {
  readonly name: string
  /** What there is to see in it. */
  readonly shows: string
  readonly facts: (it: Screen) => void
}

const fixtures: readonly Fixture[] = [
  {
    name: 'demo',
    shows: 'bridges, their ports, the namespaces and addresses behind them',
    facts: (it) => {
      expect(it.line('vethnginx')).toMatch(/─vethnginx +⇄ nginx +eth0 +172\.17\.0\.3\/16/)
      expect(it.line('▼ br-3d53f0a1c2')).toContain('172.28.5.1/24')
      expect(it.line('F18 vethcron')).toMatch(/^!! F18 .*\[!\] why/)
      // At 20 rows it stands just below what is in sight.
      if (it.state.size.rows > 20)
        expect(it.line('  vethcron ')).toMatch(/^!.*⇄ cron +eth0 +172\.17\.0\.9\/16/)
      expect(it.line(' vxlan 4097 UP')).toContain('vx4097')
    },
  },
  {
    name: 'three-bridges',
    shows: 'ports that do not forward, and why',
    facts: (it) => {
      expect(it.line('▼ br2 ')).toMatch(/10\.12\.0\.1\/24 +bridge DOWN/)
      expect(it.line('p-n6')).toContain('peer is DOWN')
      expect(it.line('p-n7')).toContain('disabled')
      expect(it.line('▼ br0 ')).toContain('10.10.0.1/24 +1')
    },
  },
  {
    name: 'macvlan-vxlan',
    shows: 'what stands on which device, also from another namespace',
    facts: (it) => {
      expect(it.line('vxany')).toContain('vxlan external DOWN')
      expect(it.line('─mv-private')).toContain('macvlan private DOWN')
      expect(it.line('c-far')).toMatch(/⇄ far +eth0 +10\.0\.0\.3\/24/)
      expect(it.line('── peer')).not.toBe('')
    },
  },
  {
    name: 'hidden',
    shows: 'namespaces that no path leads to, by number',
    facts: (it) => {
      expect(it.line('v-sock')).toMatch(/^ .*⇄ PID \d+ sock/)
      expect(it.line('hid0')).toMatch(/^\?.*⇄ nsid \d/)
      expect(it.line('⇄ PID ')).toContain('v-file')
      expect(it.line('?  ')).toContain('[!] why')
    },
  },
  {
    name: 'without-root',
    shows: 'what an ordinary user may see, and that there is more',
    facts: (it) => {
      expect(it.line('v-b ')).toContain('DOWN')
      expect(it.line('⇄ a ')).toMatch(/v-a +⇄ a +if2/)
      expect(it.line('not read: ')).toContain('netns a and 10 more: permission')
      expect(it.line('?  a ')).toContain('could not be read: permission denied')
    },
  },
  {
    name: 'veth-pairs',
    shows: 'pairs between namespaces, nested and inside one',
    facts: (it) => {
      expect(it.line('v-b ')).toMatch(/⇄ b +eth0 +(fd00:2::2\/64|DOWN at both ends)/)
      expect(it.line('─in1')).toMatch(/⇄ a +in0/)
      expect(it.line('─v-c')).toMatch(/⇄ c +eth0 +10\.3\.0\.2\/30/)
      expect(it.line('── not on a bridge')).not.toBe('')
    },
  },
]

for (const { name, shows, facts } of fixtures) {
  for (const size of sizes) {
    const golden = `fixture-${name}-${size.columns}x${size.rows}`
    test(`${golden}: ${shows}`, async () => {
      const it = await replay(name, size)
      expect(it.text().split('\n')[0]).toMatch(/ recording .*of \d{4}-\d\d-\d\d \d\d:\d\d/)
      facts(it)
      expectGolden(golden, it.text())
    })
  }
}

test('fixture-path-80x24: a recording counts what has passed at each hop', async () => {
  const it = await replay('demo', sizes[0])
  it.keys('f')
  it.send({ type: 'paste', text: 'vethnginx' })
  it.keys('enter', 'tab', 'tab')
  expect(it.line('━> path out')).toContain('bytes rx ─ tx')
  expect(it.line('in nginx 172.17.0.3')).toMatch(/eth0 .* [\d.]+k? +[\d.]+k?$/)
  expect(it.line('→ docker0')).toContain('172.17.0.1')
  expect(it.line('via 192.0.2.1')).toContain('→ eth0')
  expectGolden('fixture-path-80x24', it.text())
})

async function replay(name: string, size: Screen['state']['size']): Promise<Screen> {
  const file = fileURLToPath(new URL(`../../fixtures/${name}.json.gz`, import.meta.url))
  const read = await readSnapshot(file)
  if (!read.ok) throw new Error(read.failure.what)
  const it = screen({ mode: 'replay', file: `${name}.json.gz`, world: read.value, size })
  it.send({ type: 'resize', size })
  return it
}
