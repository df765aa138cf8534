/** A recording on every screen: it says what it is, and each action can be done or says why not. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { actionOf, actions, type ActionName } from '../../src/tui/actions.ts'
import { screens } from '../../src/tui/screens.ts'
import { expectGolden } from './golden.ts'
import { eventful } from './log-world.ts'
import { screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

async function fixture(name: string): Promise<World> {
  const file = fileURLToPath(new URL(`../../fixtures/${name}.json.gz`, import.meta.url))
  const read = await readSnapshot(file)
  if (!read.ok) throw new Error(read.failure.what)
  return read.value
}

function replay(world: World, file: string, size: Screen['state']['size']): Screen {
  const it = screen({ mode: 'replay', file, world, size })
  it.send({ type: 'resize', size })
  return it
}

const fixtures = ['demo', 'docker', 'podman', 'legacy-and-nft', 'without-root', 'hidden'] as const

describe.each(fixtures)('%s', (name) => {
  test.each(sizes)(
    'on each screen it says that it is a recording, whose and of when: $columns×$rows',
    async (size) => {
      const world = await fixture(name)
      const it = replay(world, `${name}.json.gz`, size)
      const at = world.at.slice(0, 16).replace('T', ' ')
      for (const { key, id } of screens) {
        it.keys('1', key)
        expect(it.state.screen).toBe(id)
        const [header = ''] = it.text().split('\n')
        expect(header).toContain('recording')
        expect(header).toContain(`of ${at}`)
        expect(header).toContain(world.hostName)
      }
      // A worker would be asked for something; there is none.
      expect(it.effects.filter(({ type }) => type === 'need' || type === 'resend')).toEqual([])
    },
  )
})

test.each(screens)('each action on $id of a recording can be done, or says why not', async ({ key }) => {
  const world = await fixture('docker')
  for (const name of Object.keys(actions) as readonly ActionName[]) {
    const it = replay(world, 'docker.json.gz', sizes[0])
    it.keys(key)
    const action = actionOf(name)
    const enabled = action.enabled(it.state)
    if (enabled !== true) {
      expect(enabled, name).toMatch(/^[^\s].{8,}/)
      continue
    }
    const [state, ...effects] = action.run(it.state)
    expect(state, name).toBeDefined()
    const asked = effects.map(({ type }) => type)
    // Nothing that only a live host could answer.
    for (const type of ['need', 'resend', 'restart-worker', 'snapshot'] as const)
      expect(asked, name).not.toContain(type)
  }
})

test('S says that this is a recording', async () => {
  const it = replay(await fixture('demo'), 'demo.json.gz', sizes[0])
  it.keys('S')
  expect(it.state.message?.text).toBe('S: this is a recording: it is a file already')
})

test('what a live screen saved is what a recording shows', () => {
  const before = eventful()
  const { world, changes, log } = before.state.feed
  if (world === null) throw new Error('nothing was read')
  const it = replay({ ...world, changes, log }, 'saved.json.gz', sizes[0])
  it.keys('7')
  const body = (each: Screen): readonly string[] => each.text().split('\n').slice(2, -2)
  expect(body(it)).toEqual(body(before))
})

describe.each(['demo', 'docker', 'without-root', 'podman'] as const)('log of %s', (name) => {
  test.each(sizes)('golden $columns×$rows', async (size) => {
    const it = replay(await fixture(name), `${name}.json.gz`, size)
    it.keys('7')
    expect(it.line('━> all 0')).toContain('commands 0')
    expect(it.text().replaceAll(/\s+/g, ' ')).toContain('only a screen that is open sees what happens')
    expect(it.line('nothing selected')).not.toBe('')
    it.keys('E')
    expect(it.line('E: there is nothing to write')).not.toBe('')
    expectGolden(`log-${name}-${size.columns}x${size.rows}`, it.text())
  })
})

test.each(sizes)('log of a real incident, golden $columns×$rows', async (size) => {
  const it = replay(await fixture('incident'), 'incident.json.gz', size)
  it.keys('7')
  const text = (): string => it.text().replaceAll(/ +/g, ' ')
  expect(text()).toMatch(/change host vethweb mtu 1400→1500|host vethweb mtu 1400→1500/)
  expect(text()).toContain('vethredis lost master docker0')
  expect(text()).toMatch(/kernel host \d+ link event|host \d+ link event/)
  expect(text()).toContain('iptables-nft-save -c')
  expectGolden(`log-incident-${size.columns}x${size.rows}`, it.text())
  it.keys('/')
  it.type('lost')
  it.keys('enter', 'enter')
  expect(it.state.screen).toBe('topology')
  expect(it.state.topology.selection?.row).toContain('link:')
})
