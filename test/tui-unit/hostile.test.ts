/** Text that strangers choose, in every place that text comes from, on every screen and in all that opens over one. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { writeCrashReport } from '../../src/lib/crash-report.ts'
import { debug, debugTo } from '../../src/lib/debug-log.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { parseWorld } from '../../src/snapshot/parse-world.ts'
import { find } from '../../src/derive/find.ts'
import type { Options } from '../../src/tui/state.ts'
import { screens } from '../../src/tui/screens.ts'
import { harmful, hostile, hostileTexts, madeHostile } from '../support/hostile.ts'
import { frameHolds, selectionHolds } from './holds.ts'
import { live, screen, type Screen } from './screen.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const texts = Object.values(hostileTexts)

function worldOf(name: string): { readonly world: World; readonly places: readonly string[] } {
  const file = new URL(`../../fixtures/${name}.json.gz`, import.meta.url)
  const made = madeHostile(JSON.parse(gunzipSync(readFileSync(file)).toString()))
  const parsed = parseWorld(made.world, 'test')
  if (!parsed.ok) throw new Error(parsed.failure.what)
  return { world: parsed.value, places: made.places }
}

const options: Omit<Partial<Options>, 'size'> = {
  banner: `of ${hostileTexts.rightToLeft}`,
  theme: hostileTexts.title,
  themes: texts.map((text) => ({ name: text, title: hostile('theme') })),
  keys: { freeze: [hostileTexts.clear, 'z'], find: ['f', hostileTexts.oneByteCsi] },
}

function clean(it: Screen, where: string): void {
  try {
    frameHolds(it)
    selectionHolds(it)
  } catch (error) {
    throw new Error(where, { cause: error })
  }
}

/** Every page of every screen, its rows with their details, and what opens over each. */
function lookedThrough(it: Screen): ReadonlySet<string> {
  const seen = new Set<string>()
  const look = (where: string): void => {
    clean(it, where)
    for (const [, escaped] of it.text().matchAll(/(\\x1b|\\x9b|\\u202e|\\x07|\\u2066)/g))
      seen.add(escaped ?? '')
  }
  for (const { id, key } of screens) {
    it.keys('1', 'home', key)
    for (let page = 0; page < 11; page += 1) {
      it.keys('home')
      for (let row = 0; row < 5; row += 1) {
        look(`${id}, page ${page}, row ${row}`)
        it.keys('down')
      }
      it.keys('tab')
      look(`${id}, page ${page}, details`)
      it.keys('end')
      look(`${id}, page ${page}, end of details`)
      it.keys('S-tab')
      for (const opening of page < 2 ? ['x', 'Y', 'o', '!', 'r', ':', 'f', '/', 'T', '?'] : []) {
        it.keys(opening)
        look(`${opening} on ${id}`)
        it.send({ type: 'paste', text: texts.join(' ') })
        look(`${opening} on ${id}, pasted`)
        it.keys('down', 'down', 'tab', 'end')
        look(`${opening} on ${id}, down`)
        for (let left = 4; left > 0 && it.state.mode.type !== 'browse'; left -= 1) it.keys('escape')
        it.keys('escape', 'escape', key)
      }
      if (id === 'topology') break
      it.keys('}')
    }
    it.keys('enter', 'n', 'y')
    look(`from ${id} on`)
  }
  return seen
}

describe.each([
  ['docker', 80, 24],
  ['legacy-and-nft', 130, 40],
  ['podman', 112, 30],
])('%s', (name, columns, rows) => {
  const { world, places } = worldOf(name)

  test('nearly every text of it is hostile', () => {
    const some = (place: RegExp): boolean => places.some((each) => place.test(each))
    expect(places.length).toBeGreaterThan(100)
    expect(places).toEqual(
      expect.arrayContaining(['.hostName', '.netns[].links[].name', '.processes[].comm']),
    )
    expect(some(/^\.netns\[\]\.firewall\..*(comment|name)$/)).toBe(true)
    expect(some(/^\.netns\[\]\.details\./)).toBe(true)
    expect(some(/^\.engines\[\]\..*name/i)).toBe(name !== 'legacy-and-nft')
  })

  test(`as a replay at ${columns}×${rows}`, () => {
    const file = `${hostileTexts.clear}.json`
    const it = screen({ mode: 'replay', file, world, ...options })
    it.send({ type: 'resize', size: { columns, rows } })
    expect(lookedThrough(it).size).toBeGreaterThan(2)
    written(it)
  }, 120_000)
})

test('what a worker, engines, commands and files tell', () => {
  const { world } = worldOf('demo')
  const it = live(world, { ...options, size: { columns: 120, rows: 40 } })
  texts.forEach((text, at) => {
    const common = { at: it.now, since: it.now, times: 1, netns: netnsId(at), container: text }
    const kinds = ['command', 'kernel', 'engine', 'screen'] as const
    const outcome = { ok: false, says: text, ms: 3, stderr: `${text}\n${text}` }
    it.worker({ type: 'log', entries: kinds.map((kind) => ({ ...common, kind, text, outcome })) })
    it.worker({ type: 'failed', id: null, failure: { kind: 'refused', what: text, hint: text } })
    clean(it, `a failure ${at}`)
    it.worker({ type: 'snapshot-written', id: 0, file: text })
    clean(it, `a snapshot ${at}`)
    it.send({ type: 'text-saved', outcome: { ok: true, value: { file: text } } })
    clean(it, `a file ${at}`)
    it.keys('f')
    it.send({ type: 'paste', text: `[UFW BLOCK] IN=${text} OUT= SRC=172.17.0.2 ${text}` })
    it.worker({ type: 'found', text, value: find(world, text) })
    clean(it, `found ${at}`)
    it.keys('escape', ':')
    it.type('about')
    it.keys('enter')
    it.send({
      type: 'ran',
      id: it.state.asked.runs,
      exitCode: 1,
      problem: text,
      output: `${text}\t${text}\n`,
      now: it.now,
    })
    clean(it, `output ${at}`)
    it.keys('escape', 'escape', 'escape')
    it.send({ type: 'worker-gone', reason: text, now: it.now })
    clean(it, `a worker that is gone ${at}`)
    it.wait(5000)
  })
  expect(lookedThrough(it).size).toBeGreaterThan(2)
  written(it)
}, 120_000)

/** The log as a file holds lines and nothing else; names of files hold no control either. */
function written(it: Screen): void {
  it.keys('7', 'E')
  const saved = it.effects.findLast((each) => each.type === 'save-text')
  if (saved?.type === 'save-text') {
    expect(saved.text.replaceAll('\n', '')).not.toMatch(harmful)
    expect(saved.file).not.toMatch(harmful)
  } else if (it.state.options.mode === 'live') throw new Error('the log was not written')
}

test('crash report and debug log', () => {
  const path = join(folder, 'debug.log')
  debugTo(openSync(path, 'a'), 'main')
  for (const text of texts) debug('frame', text)
  const file = writeCrashReport(new Error(texts.join('\n')), {
    version: '0',
    argv: texts,
    env: { HOME: folder, XDG_STATE_HOME: folder, TERM: hostileTexts.title },
  })
  for (const each of [path, file ?? '']) {
    const told = readFileSync(each, 'utf8')
    expect(told).toContain('owned')
    expect(told.replaceAll('\n', '')).not.toMatch(harmful)
  }
})
