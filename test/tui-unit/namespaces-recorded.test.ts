/** Screen 2 on recorded hosts, as whole frames with the facts that each must show at every size. */
import { beforeAll, describe, expect, test } from 'vitest'
import { worldOf } from '../support/fixture.ts'
import { expectGolden } from './golden.ts'
import { opened, rowOf, turnedTo } from './namespaces-screen.ts'
import { screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

type Recorded = {
  readonly name: string
  /** Which row, by going down, and which sheet. */
  readonly down: number
  readonly sheet: string
  readonly facts: (it: Screen) => void
}

const recorded: readonly Recorded[] = [
  {
    name: 'docker',
    down: 4,
    sheet: 'PROCESSES',
    facts: (it) => {
      // The sidecar joined redis123's network and nothing else of it.
      expect(rowOf(it, 'redis123')).toMatch(/^> .* 2 +2 /)
      expect(it.line('all share')).toContain('all share net   not the same for all mnt, pid, uts, ipc')
      expect(it.line(' httpd ')).toMatch(/248 +root +httpd +redis123 +a +a +a +a +a +host/)
      expect(it.line(' sleep ')).toMatch(/441 +root +sleep +sidecar +a +b +b +b +b +host/)
      if (it.state.size.columns >= 80) expect(rowOf(it, 'host')).toMatch(/ v4 v6 +192\.0\.2\.1 /)
    },
  },
  {
    name: 'swarm-1',
    down: 0,
    sheet: 'NEIGHBOURS',
    facts: (it) => {
      expect(it.line('nsid 5 of')).toMatch(/^ \? /)
      expect(it.line('━> namespaces 12')).not.toBe('')
      expect(rowOf(it, 'host')).toMatch(/^> .* 5 +6 /)
      expect(it.line('multicast addresses, which')).not.toBe('')
    },
  },
  {
    name: 'podman',
    down: 2,
    sheet: 'ROUTES',
    facts: (it) => {
      expect(it.line('default via 10.90.0.1 dev eth0')).not.toBe('')
      expect(it.line('0: from all lookup local')).not.toBe('')
      expect(rowOf(it, 'db')).toMatch(/^> .*10\.90\.0\.1 +10\.90\.0\.2\/24/)
      if (it.state.size.columns >= 120) expect(rowOf(it, 'db')).toContain(' db +1 ')
    },
  },
  {
    name: 'faults/F08',
    down: 2,
    sheet: 'SOCKETS',
    facts: (it) => {
      expect(it.line('127.0.0.1:80')).toMatch(/^ tcp +127\.0\.0\.1:80 /)
      expect(rowOf(it, 'n2')).toMatch(/^> .*10\.7\.0\.1 +10\.7\.0\.3\/24/)
      expect(it.line('listening  1')).not.toBe('')
    },
  },
  {
    name: 'without-root',
    down: 1,
    sheet: 'LINKS',
    facts: (it) => {
      expect(rowOf(it, 'a')).toMatch(/^>\? .*\? /)
      expect(it.line('could not be')).toContain('read: permission denied')
      expect(rowOf(it, 'PID 29 (sleep)')).toMatch(/ 1 +\? /)
    },
  },
  {
    name: 'hidden',
    down: 0,
    sheet: 'SYSCTLS',
    facts: (it) => {
      expect(it.line('nsid 2 of host')).toMatch(/^ \? /)
      expect(rowOf(it, 'host')).toMatch(/^> .* 5 +4 /)
      expect(it.line('every setting is as the kernel has it')).not.toBe('')
      if (it.state.size.rows > 20) expect(it.line(' ipv4.conf.all.accept_local ')).toMatch(/ 0 +take/)
    },
  },
]

describe('recorded hosts', () => {
  for (const { name, down, sheet, facts } of recorded)
    for (const size of sizes) {
      const golden = `namespaces-${name.replace('faults/', '')}-${size.columns}x${size.rows}`
      test(`${golden}: the table, and ${sheet.toLowerCase()} of one`, async () => {
        const it = opened(await worldOf(name), size, name)
        it.keys(...Array.from({ length: down }, () => 'j'))
        turnedTo(it, sheet)
        facts(it)
        for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(size.columns)
        expectGolden(golden, it.text())
      })
    }

  test('every sheet of every namespace of every host fits, at widths from 60 to 250', async () => {
    for (const name of ['docker', 'macvlan-vxlan', 'hidden']) {
      const world = await worldOf(name)
      for (const columns of [60, 110, 250]) {
        const it = opened(world, { columns, rows: 30 }, name)
        for (let row = 0; row < world.netns.length; row += 1) {
          for (let sheet = 0; sheet < 10; sheet += 1) {
            it.keys('}')
            for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
          }
          it.keys('j')
        }
      }
    }
  }, 60_000)

  test('with ASCII only nothing else is drawn', async () => {
    const it = screen({
      mode: 'replay',
      file: 'docker',
      world: await worldOf('docker'),
      ascii: true,
      size: { columns: 80, rows: 24 },
    })
    it.send({ type: 'resize', size: it.state.size })
    it.keys('2')
    for (let sheet = 0; sheet < 10; sheet += 1) {
      expect(it.text()).not.toMatch(/[^\x20-\x7e\n…]/)
      it.keys('}')
    }
  })
})
