/** The recorded hosts as replays: what people would look for in each is on the screen. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { screen, type Screen } from './screen.ts'

const folder = fileURLToPath(new URL('../../fixtures/', import.meta.url))

async function replay(name: string, columns = 80, rows = 24): Promise<Screen> {
  const read = await readSnapshot(`${folder}${name}.json.gz`)
  if (!read.ok) throw new Error(read.failure.what)
  const size = { columns, rows }
  const it = screen({ mode: 'replay', file: `${name}.json.gz`, world: read.value, size })
  it.send({ type: 'resize', size })
  return it
}

test('demo: containers on their bridges, the one that hangs on none, the way to the internet', async () => {
  const it = await replay('demo')
  expect(it.line('vethnginx')).toMatch(/⇄ nginx +eth0 +172\.17\.0\.3\/16/)
  expect(it.line('  vethcron ')).toContain('no bridge')
  expect(it.line('recording demo.json.gz of 2')).toContain('vm01')
  it.keys('f')
  it.type('vethnginx')
  it.keys('enter', 'tab', 'tab')
  expect(it.text()).toMatch(/eth0.*nginx[^]*vethnginx[^]*docker0[^]*via 192\.0\.2\.1/)
})

test('without-root: what is closed is there, with the reason and the help', async () => {
  const it = await replay('without-root')
  expect(it.line('⇄ a ')).toMatch(/if2 .*peer unreadable/)
  expect(it.line('?  left')).toContain('permission denied')
  expect(it.line('not read: ')).toContain('[!] why')
  it.keys('!')
  expect(it.text()).toContain('run as root')
})

test('hidden: namespaces without a file are told apart and marked', async () => {
  const it = await replay('hidden')
  expect(it.line('v-sock')).toMatch(/^ .*⇄ PID \d+ socket \d+ .*10\.8\.0\.2/)
  expect(it.line('hid0')).toMatch(/^\?.*⇄ nsid \d/)
  it.keys('f')
  it.type('hid0')
  it.keys('enter', 'enter')
  expect(it.line('⇄>nsid')).toContain('hid0')
  expect(it.line('hid1 in hidden nsid')).not.toBe('')
})

test('three-bridges and macvlan-vxlan: states, kinds and what they stand on', async () => {
  const bridges = await replay('three-bridges')
  expect(bridges.line('▼ br2 ')).toContain('DOWN')
  expect(bridges.line('p-n6')).toContain('peer is DOWN')
  const overlay = await replay('macvlan-vxlan')
  expect(overlay.line('├─vx4097')).toContain('vxlan 4097')
  overlay.keys('end')
  expect(overlay.text()).toMatch(/macvlan \w+ on up0 of host/)
})

const sizes = [
  [60, 16],
  [80, 24],
  [120, 40],
  [250, 70],
] as const

test('every fixture fits into every size, wherever the selection is', async () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json.gz'))
  expect(names.length).toBeGreaterThanOrEqual(5)
  for (const name of names) {
    const it = await replay(name.replace('.json.gz', ''))
    for (const [columns, rows] of sizes) {
      it.send({ type: 'resize', size: { columns, rows } })
      it.keys('home')
      for (let step = 0; step < 30; step += 1) {
        const lines = it.text().trimEnd().split('\n')
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns)
        it.keys('down', 'enter')
      }
    }
  }
})
