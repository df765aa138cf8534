/** A snapshot in which a stranger chose every text that the schema leaves free: ids, addresses, reasons, files, all. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseWorld } from '../../src/snapshot/parse-world.ts'
import { drawn, harmful, hostile, hostileTexts, madeHostile } from '../support/hostile.ts'
import { buildVethscope } from '../support/program.ts'
import { openTestTerminal } from '../support/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-hostile-'))
let program = ''
beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})
afterAll(() => rmSync(folder, { recursive: true }))

type Recorded = {
  readonly at: string
  readonly host: string
  readonly netns: readonly { readonly links: unknown }[]
  readonly gaps: readonly object[]
}

/** Empty places of the fixture filled, so that they too can be hostile. */
function filledIn(world: Recorded): unknown {
  return {
    ...world,
    netns: world.netns.map((netns, at) => ({
      ...netns,
      ...(at === 2 ? { routes: { unknown: 'no' }, neighbours: { unknown: 'no' } } : {}),
      links: Array.isArray(netns.links)
        ? netns.links.map((link: object) => ({ ...link, alias: 'alias', altNames: ['alt'] }))
        : netns.links,
    })),
    gaps: [...world.gaps, { what: 'namespace', subject: 'x', reason: 'no', hint: 'root' }],
    changes: [
      { at: world.at, netns: world.host, netnsName: 'a', subject: 'b', ifindex: null, says: 'appeared' },
    ],
  }
}

const commands: readonly (readonly string[])[] = [
  ['show'],
  ['ls', 'netns'],
  ['ls', 'links', '--json'],
  ['find', hostileTexts.title],
  ['find', 'eth0'],
  ['find', '172.17.0.2', '--json'],
  ['route', hostile('host'), '1.1.1.1'],
  ['route', hostileTexts.clear, hostileTexts.tags],
  ['about'],
  ['show', hostileTexts.oneByteCsi, '--json'],
]

describe.each(['demo', 'hidden'])('%s', (name) => {
  const file = join(folder, `${name}.json`)
  let places: readonly string[] = []

  beforeAll(() => {
    const bytes = readFileSync(new URL(`../../fixtures/${name}.json.gz`, import.meta.url))
    const plain = filledIn(JSON.parse(gunzipSync(bytes).toString()) as Recorded)
    const { world, places: changed } = madeHostile(plain)
    places = changed
    expect(parseWorld(structuredClone(world), 'test')).toMatchObject({ ok: true })
    writeFileSync(file, JSON.stringify(world))
  })

  test('nearly every text is free to be hostile', () => {
    expect(places).toEqual(
      expect.arrayContaining([
        '.hostName',
        '.host',
        '.netns[].id',
        '.netns[].links[].alias',
        '.gaps[].reason',
      ]),
    )
    expect(places.length).toBeGreaterThan(90)
  })

  test('as text and as JSON', () => {
    for (const command of commands) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...command, '--from', file], {
        encoding: 'utf8',
      })
      expect(stderr).not.toContain('an error inside vethscope')
      expect(status, `${command.join(' ')}: ${stderr}`).toBeLessThan(5)
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(harmful)
      if (command.includes('--json')) JSON.parse(stdout)
    }
  })

  test.each([
    [80, 24],
    [120, 40],
  ])('the screen at %i×%i', async (columns, rows) => {
    const terminal = openTestTerminal([process.execPath, program, '--replay', file], { columns, rows })
    try {
      await terminal.waitFor('1Topo')
      await terminal.waitFor('q quit')
      await terminal.idle(60)
      const type = async (...keys: readonly string[]) => {
        for (const key of keys) {
          terminal.send(keyBytes[key] ?? key)
          // As a person would: an escape that is followed at once is part of a sequence.
          await new Promise((resolve) => setTimeout(resolve, key === 'escape' ? 120 : 15))
        }
        await terminal.idle()
      }
      await type('end', 'home', '?', 'escape', '!', 'escape', 'tab', 'down', 'S-tab')
      // Over all of the tree, and into each namespace.
      for (let at = 0; at < 12; at += 1) await type('down', 'down', 'enter')
      for (const text of ['eth0', hostileTexts.title, hostileTexts.rightToLeft, hostileTexts.emoji]) {
        await type('f', `\x1b[200~${text}\x1b[201~`, 'escape')
      }
      await type('/', `\x1b[200~${hostileTexts.tags}\x1b[201~`, 'enter', 'home', 'down')
      expect(drawn(terminal.raw())).not.toMatch(harmful)
      expect(drawn(terminal.raw())).toContain(String.raw`\x1b[2J`)
      // These are letters of no certain width, so the screen draws none.
      expect(drawn(terminal.raw())).not.toMatch(/\p{Mark}/u)
      terminal.send('\x03')
      expect(await terminal.exited()).toBe(130)
    } finally {
      terminal.close()
    }
  })
})

const keyBytes: Readonly<Record<string, string>> = {
  end: '\x1bOF',
  enter: '\r',
  home: '\x1bOH',
  escape: '\x1b',
  tab: '\t',
  down: '\x1bOB',
  'S-tab': '\x1b[Z',
}
