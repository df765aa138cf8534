/** Screen 7: what happened, in one order of time. */
import { beforeAll, describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import { eventful, happening, log, saveRules } from './log-world.ts'
import { start, type Screen } from './screen.ts'
import { expectGolden } from './golden.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

const rowsOf = (it: Screen): readonly string[] =>
  it
    .text()
    .split('\n')
    .filter((line) => /^[ >][ !?] \d\d:\d\d:\d\d /.test(line))

describe.each(sizes)('$columns×$rows', (size) => {
  const named = (name: string) => `log-${name}-${size.columns}x${size.rows}`

  test('all: the latest first, with what ran again and again once', () => {
    const it = eventful({ size })
    expect(rowsOf(it)[0]).toMatch(/14:03:26 .*nginx1 +route default/)
    expect(it.line('iptables-nft-save')).toContain('×2 since 14:03')
    expect(it.line('12 link events, 3 addresses')).toContain('host')
    expectGolden(named('all'), it.text())
  })

  test('changes', () => {
    const it = eventful({ size })
    it.keys('}')
    expect(it.line('━> all')).toMatch(/all \d+ . changes 1 /)
    expect(rowsOf(it)).toHaveLength(1)
    expect(rowsOf(it)[0]).toContain('nginx1')
    expectGolden(named('changes'), it.text())
  })

  test('commands: how each ended, and what it complained of', () => {
    const it = eventful({ size })
    it.keys('}', '}')
    expect(rowsOf(it)).toHaveLength(2)
    it.keys('down')
    expect(it.line('14:03:23')).toMatch(/^>!/)
    expect(it.line('says ')).toContain('cache initialization failed')
    expect(it.text()).toContain('exit 1 after 4 ms')
    expectGolden(named('commands'), it.text())
  })

  test('events', () => {
    const it = eventful({ size })
    it.keys('{')
    expect(rowsOf(it)).toHaveLength(2)
    expect(it.line('14:03:25 ')).toContain('docker: start nginx1')
    expect(rowsOf(it).join()).not.toContain('iptables')
    expectGolden(named('events'), it.text())
  })
})

test('new entries come at the top, and the selection stays on its entry', () => {
  const it = eventful()
  const older = Array.from({ length: 40 }, (_, at) =>
    happening({ at: start - 1000 + at, kind: 'kernel', text: `older ${at}`, netns: netnsId(100) }),
  )
  it.worker(log(...older))
  it.keys('home', 'down', 'down')
  const [selected] = rowsOf(it).filter((line) => line.startsWith('>'))
  for (let at = 0; at < 30; at += 1) {
    it.now += 1000
    it.worker(log(happening({ at: it.now, kind: 'kernel', text: `${at} link events`, netns: netnsId(100) })))
    expect(rowsOf(it).filter((line) => line.startsWith('>'))).toEqual([selected])
    // While the top was in sight it stays so, as far as the selection allows.
    if (at < 3) expect(rowsOf(it)[0]).toContain(` ${at} link events`)
  }
  it.keys('home')
  expect(rowsOf(it)[0]).toMatch(/^>.* 29 link events/)
})

test('a command that runs each second is one entry; with another end it is another; later again a new one', () => {
  const it = eventful()
  it.keys('}', '}')
  for (let at = 3; at <= 12; at += 1) it.worker(log(saveRules(start + at * 1000)))
  expect(it.line('14:03:34 ')).toContain('×12 since 14:03')
  expect(rowsOf(it)).toHaveLength(2)
  const failed = { ok: false, says: 'timed out after 10000 ms', ms: 10_000, stderr: null }
  it.worker(log({ ...saveRules(start + 13_000), outcome: failed }))
  expect(rowsOf(it)[0]).toContain('timed out')
  it.worker(log(saveRules(start + 14_000)))
  expect(rowsOf(it)).toHaveLength(4)
  it.worker(log(saveRules(start + 200_000)))
  expect(rowsOf(it)[0]).not.toContain('since')
  expect(rowsOf(it)).toHaveLength(5)
})

test('a link that flaps all day does not push out what was run', () => {
  const it = eventful()
  const many = Array.from({ length: 3000 }, (_, at) =>
    happening({ at: start + 5000 + at, kind: 'kernel', text: `${at} link events`, netns: netnsId(100) }),
  )
  it.worker(log(...many))
  expect(it.state.feed.log.filter(({ kind }) => kind === 'kernel')).toHaveLength(900)
  expect(it.state.feed.log.at(-1)?.text).toBe('2999 link events')
  expect(it.state.feed.log.some(({ text }) => text.includes('nft -j list ruleset'))).toBe(true)
})

test('Enter leads to the namespace, or says why not', () => {
  const it = eventful()
  it.keys('/')
  it.type('kind:kernel')
  it.keys('enter', 'enter')
  expect(it.state.screen).toBe('topology')
  expect(it.state.topology.selection).not.toBeNull()
  it.keys('backspace')
  expect(it.state.screen).toBe('log')
  it.keys('escape', '/')
  it.type('docker:')
  it.keys('enter', 'enter')
  expect(it.state.message?.text).toBe('Enter: the container is not there any more')
})

test('the filter knows kinds, addresses and what was complained of', () => {
  const it = eventful()
  const fitting = (text: string): number => {
    it.keys('escape', '/')
    it.type(text)
    it.keys('enter')
    return rowsOf(it).length
  }
  expect(fitting('kind:command')).toBe(2)
  expect(fitting('permitted')).toBe(1)
  expect(fitting('!kind:command kind:kernel')).toBe(1)
  expect(fitting('zzz')).toBe(0)
  expect(it.text()).toContain('no entry fits zzz')
})

test('what is shown is written to a file, as plain text', () => {
  const it = eventful()
  it.worker(log(happening({ at: start + 9000, kind: 'engine', text: 'docker: start a\x1b[31m\u202e\nb' })))
  it.keys('/')
  it.type('!kind:kernel')
  it.keys('enter', 'E')
  const effect = it.effects.findLast(({ type }) => type === 'save-text')
  if (effect?.type !== 'save-text') throw new Error('nothing was to be saved')
  expect(effect.file).toMatch(/^vethscope-[A-Za-z0-9._-]+-log-\d{8}T\d{6}Z\.txt$/)
  expect(effect.text).toMatch(/^# log of .* entries of "all", filter !kind:kernel; times are UTC\n/)
  expect(effect.text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
  expect(effect.text).toContain(String.raw`a\x1b[31m\u202e\x0ab`)
  expect(effect.text).toContain('exit 1, 4 ms')
  expect(effect.text).toContain('    netlink: Error')
  expect(effect.text).not.toContain('12 link events')
  it.send({ type: 'text-saved', outcome: { ok: true, value: { file: effect.file } } })
  expect(it.line('saved ./vethscope-')).not.toBe('')
  it.keys('/')
  it.type(' zzz')
  it.keys('enter', 'E')
  expect(it.state.message?.text).toBe('E: there is nothing to write')
})

test('hostile text in the log reaches the frame only as harmless text', () => {
  const it = eventful()
  const nasty = 'x\x1b[31m\u202e\x9b{bold}🐳'
  it.worker(
    log(
      happening({
        at: start + 9000,
        text: nasty,
        outcome: { ok: false, says: nasty, ms: 1, stderr: `${nasty}\n${nasty}` },
      }),
    ),
  )
  it.keys('home')
  expect(it.text()).toContain(String.raw`x\x1b[31m`)
  expect(it.text()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|🐳/)
})

describe('a snapshot on its way', () => {
  test('tells how far it is, takes the log along, and is asked for once', () => {
    const it = eventful()
    it.keys('S')
    const effect = it.effects.findLast(({ type }) => type === 'snapshot')
    expect(effect).toMatchObject({ changes: it.state.feed.changes, log: it.state.feed.log })
    expect(it.state.feed.log.length).toBeGreaterThan(3)
    it.worker({ type: 'snapshot-progress', id: 1, done: 120, total: 1000 })
    expect(it.text().split('\n')[0]).toContain('saving 120 of 1000')
    expect(it.text().replace(/\s+/g, ' ')).toMatch(/\.json\.gz … 120 of 1000 namespaces Esc stops it/)
    it.keys('S')
    expect(it.state.message?.text).toBe('S: one is being saved already; Esc stops it')
    it.worker({ type: 'snapshot-written', id: 1, file: 'f.json.gz' })
    expect(it.text().split('\n')[0]).not.toContain('saving')
    expect(it.state.feed.log.at(-1)).toMatchObject({ kind: 'screen', text: 'saved f.json.gz' })
  })

  test('Esc closes what is open first, and then stops it', () => {
    const it = eventful()
    it.keys('S', '?', 'escape')
    expect(it.state.saving).not.toBeNull()
    it.keys('escape')
    expect(it.state.saving).toBeNull()
    expect(it.effects.at(-1)).toEqual({ type: 'cancel-snapshot' })
    expect(it.state.message?.text).toBe('the snapshot was stopped; nothing was kept')
    // What it still says is no news.
    it.worker({ type: 'snapshot-progress', id: 1, done: 1, total: 2 })
    it.worker({ type: 'failed', id: 1, failure: { kind: 'refused', what: 'reading the host was stopped' } })
    expect(it.state.saving).toBeNull()
    expect(it.state.message?.kind).toBe('note')
  })

  test('is over when the reader ends', () => {
    const it = eventful()
    it.keys('S')
    it.send({ type: 'worker-gone', reason: 'killed', now: it.now })
    expect(it.state.saving).toBeNull()
    expect(it.state.feed.log.at(-1)?.text).toContain('the reader ended: killed')
  })
})
