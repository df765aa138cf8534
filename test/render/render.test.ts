import { expect, test } from 'vitest'
import { roles, type Frame, type Line, type Region, type Role } from '../../src/tui/frame.ts'
import { openRenderer } from '../../src/tui/render/render.ts'
import { chosenTheme } from '../../src/tui/themes.ts'
import { emulator } from '../support/emulator.ts'

const line = (text: string, role: Role = 'text', selected = false): Line => ({
  spans: [{ text, role }],
  selected,
})

function region(id: string, top: number, lines: readonly Line[], fields: Partial<Region> = {}): Region {
  return { id, top, left: 0, width: 80, height: lines.length, lines, ...fields }
}

function frame(regions: readonly Region[], fields: Partial<Frame> = {}): Frame {
  return { columns: 80, rows: 24, regions, cursor: null, ...fields }
}

function stage(options: { readonly utf8?: boolean; readonly theme?: string; readonly term?: string } = {}) {
  const screen = emulator()
  const theme = chosenTheme({ named: options.theme }, {})
  if (!theme.ok) throw new Error(theme.failure.what)
  let written = ''
  const renderer = openRenderer({
    term: options.term ?? 'xterm-256color',
    utf8: options.utf8 ?? true,
    size: { columns: 80, rows: 24 },
    theme: theme.value,
    write: (text) => {
      written += text
      screen.write(text)
    },
  })
  return {
    screen,
    renderer,
    theme: theme.value,
    /** Draws, and gives what was written for it. */
    draw: async (next: Frame) => {
      renderer.draw(next)
      await screen.settled()
      const bytes = written
      written = ''
      return bytes
    },
    close: () => renderer.close(),
  }
}

const rows = (count: number, selected: number) =>
  Array.from({ length: count }, (_, at) =>
    line(`veth${at} = container${at} eth0     172.17.0.${at}/16`.padEnd(80), 'link', at === selected),
  )

test('regions are drawn where they belong, in the colours of their roles', async () => {
  const { draw, screen, theme, close } = stage()
  await draw(
    frame([
      region('top', 0, [line('vethscope vm01', 'title')]),
      region('tree', 2, [
        {
          spans: [
            { text: 'docker0', role: 'bridge' },
            { text: ' 172.17.0.1/16', role: 'address' },
          ],
        },
        line('veth8c1', 'link.down'),
      ]),
    ]),
  )
  expect(screen.rows()[0]).toBe('vethscope vm01')
  expect(screen.rows()[2]).toBe('docker0 172.17.0.1/16')
  expect(screen.cell(2, 0)).toMatchObject({ text: 'd', fg: theme.roles.bridge.fg, bold: true })
  expect(screen.cell(2, 8)).toMatchObject({ fg: theme.roles.address.fg, bold: false })
  expect(screen.cell(3, 0).fg).toBe(theme.roles['link.down'].fg)
  expect(screen.cell(3, 20)).toMatchObject({ fg: null, bg: null })
  expect(screen.alternate).toBe(true)
  expect(screen.cursorHidden).toBe(true)
  close()
})

test('a selected line has the selection’s ground over the whole width, and keeps its colours', async () => {
  const { draw, screen, theme, close } = stage()
  await draw(frame([region('tree', 0, [line('eth0', 'link', true), line('lo', 'link')])]))
  expect(screen.cell(0, 0)).toMatchObject({ bg: theme.roles.selection.bg, fg: theme.roles.link.fg })
  expect(screen.cell(0, 79).bg).toBe(theme.roles.selection.bg)
  expect(screen.cell(1, 0).bg).toBeNull()
  close()
})

test('on a selected line a match keeps its own ground, and what is faint elsewhere can be read', async () => {
  const { draw, screen, theme, close } = stage()
  const spans = [
    { text: 'veth', role: 'match' },
    { text: 'dim', role: 'dim' },
  ] as const
  await draw(frame([region('tree', 0, [{ spans, selected: true }, { spans }])]))
  expect(screen.cell(0, 0)).toMatchObject({ fg: theme.roles.match.fg, bg: theme.roles.match.bg })
  expect(screen.cell(0, 4)).toMatchObject({ fg: null, bg: theme.roles.selection.bg })
  expect(screen.cell(1, 4)).toMatchObject({ fg: theme.roles.dim.fg, bg: null })
  close()
})

test('an unchanged frame writes nothing, even when it is made anew', async () => {
  const { draw, close } = stage()
  expect(await draw(frame([region('tree', 0, rows(24, 3))]))).not.toBe('')
  expect(await draw(frame([region('tree', 0, rows(24, 3))]))).toBe('')
  close()
})

test('moving the selection by a line costs at most 1 kB', async () => {
  const { draw, screen, theme, close } = stage()
  await draw(frame([region('tree', 0, rows(24, 3))]))
  const bytes = await draw(frame([region('tree', 0, rows(24, 4))]))
  expect(bytes.length).toBeGreaterThan(0)
  expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(1000)
  expect(screen.cell(3, 0).bg).toBeNull()
  expect(screen.cell(4, 79).bg).toBe(theme.roles.selection.bg)
  close()
})

test('one changed counter writes its cells and not its line', async () => {
  const { draw, screen, close } = stage()
  const shown = (rate: string) =>
    frame([region('tree', 0, [...rows(5, 0), line(`eth0  ${rate}`, 'counter')])])
  await draw(shown('1.2M'))
  const bytes = await draw(shown('1.3M'))
  expect(bytes.length).toBeLessThan(50)
  expect(screen.rows()[5]).toBe('eth0  1.3M')
  close()
})

test('a popup lies above what was there, which comes back when it goes', async () => {
  const { draw, screen, close } = stage()
  const below = region('tree', 0, rows(24, 3))
  const popup = region('help', 5, [line('+-- help --+'), line('| q  quit  |')], { left: 10, width: 12 })
  await draw(frame([below]))
  const before = screen.text()
  await draw(frame([below, popup]))
  expect(screen.rows()[6]?.slice(10, 22)).toBe('| q  quit  |')
  expect(screen.rows()[6]?.slice(0, 10)).toBe('veth6 = co')
  await draw(frame([below]))
  expect(screen.text()).toBe(before)
  close()
})

test('a region that moves or shrinks leaves nothing behind', async () => {
  const { draw, screen, close } = stage()
  await draw(frame([region('a', 0, [line('first'), line('second')])]))
  await draw(frame([region('a', 4, [line('third')])]))
  expect(screen.text().trim()).toBe('third')
  expect(screen.rows()[4]).toBe('third')
  close()
})

test('the frame after a change of size is drawn whole', async () => {
  const { draw, renderer, screen, close } = stage()
  await draw(frame([region('tree', 0, rows(24, 3))]))
  screen.resize(120, 40)
  renderer.resize({ columns: 120, rows: 40 })
  const wide = region('tree', 39, [line('at the bottom')], { width: 120 })
  await draw({ columns: 120, rows: 40, regions: [wide], cursor: null })
  expect(screen.rows()[39]).toBe('at the bottom')
  expect(screen.rows()[3]).toBe('')
  close()
})

test('a cursor is shown where the frame wants it, and hidden again', async () => {
  const { draw, screen, close } = stage()
  const regions = [region('input', 23, [line('/ redis')])]
  await draw(frame(regions, { cursor: { row: 23, column: 7 } }))
  expect(screen.cursorHidden).toBe(false)
  expect(screen.cursor).toEqual({ row: 23, column: 7 })
  await draw(frame([region('input', 23, [line('/ redis1')])], { cursor: { row: 23, column: 8 } }))
  expect(screen.cursor).toEqual({ row: 23, column: 8 })
  await draw(frame(regions))
  expect(screen.cursorHidden).toBe(true)
  close()
})

const hostile = [
  ['escape sequences', '\x1b]0;owned\x07\x1b[2J\x1b[31mred'],
  ['C1 bytes', '\x9b31mred\x9d0;t\x9c'],
  ['blessed’s tags', '{bold}{red-fg}tags{/}'],
  ['bidi controls', 'a\u202egnp.exe\u2066b\u200f'],
  ['emoji, ZWJ, flags, keycaps', 'web🐳👩‍👩‍👧🇩🇪1\ufe0f\u20e3☎\ufe0f'],
  ['combining marks', 'e\u0301\u0335\u0336'],
  ['line ends, tab, NUL, DEL, backspace', 'line\r\nend\ttab\0nul\x7f\b\b'],
  ['lone surrogates', '\ud800 lone \udfff'],
  ['wide letters', '容器コンテナ'],
  ['old Hangul and the second plane', '\ua960\ud7b0 old Hangul \u{20000}'],
  ['300 characters', 'x'.repeat(300)],
  ['300 wide characters', '容'.repeat(300)],
] as const

test.each(hostile)('%s: harmless for the terminal, the right border stays in its column', async (_, text) => {
  const { draw, screen, close } = stage()
  const lines: Line[] = [
    {
      spans: [
        { text: '|', role: 'border' },
        { text, role: 'link' },
      ],
    },
    line('|plain', 'text'),
  ]
  const bytes = await draw(
    frame([
      region('left', 0, lines, { width: 79 }),
      region('right', 0, [line('|', 'border'), line('|', 'border')], { left: 79, width: 1 }),
    ]),
  )
  expect(bytes.replace(/\x1b(\[[0-9;?]*[A-Za-z]|[78=>])/g, '')).not.toMatch(
    /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
  )
  expect(screen.cell(0, 79).text).toBe('|')
  expect(screen.cell(1, 79).text).toBe('|')
  expect(screen.cell(0, 0).text).toBe('|')
  expect(screen.rows()[1]).toBe('|plain'.padEnd(79) + '|')
  close()
})

test('what looks like a tag of blessed’s is text', async () => {
  const { draw, screen, close } = stage()
  await draw(frame([region('a', 0, [line('{bold}x{/bold} {center}y')])]))
  expect(screen.rows()[0]).toBe('{bold}x{/bold} {center}y')
  expect(screen.cell(0, 6).bold).toBe(false)
  close()
})

test('without UTF-8 only ASCII is written, in the same columns', async () => {
  const { draw, screen, close } = stage({ utf8: false })
  const bytes = await draw(frame([region('a', 0, [line('┌──┐ a→b … 容器 Zürich ▁▄█'), line('├ end')])]))
  expect(bytes).not.toMatch(/[^\x00-\x7f]/)
  expect(screen.rows()[0]).toBe('+--+ a>b ~ ???? Z?rich _.#')
  expect(screen.rows()[1]).toBe('+ end')
  close()
})

test('monochrome writes no colour at all', async () => {
  const { draw, screen, close } = stage({ theme: 'monochrome' })
  const bytes = await draw(frame([region('a', 0, roles.map((role) => line(role, role)).slice(0, 24))]))
  expect(bytes).not.toMatch(/\x1b\[[0-9;]*(3[0-8]|4[0-8])[0-9;]*m/)
  expect(screen.cell(7, 0).inverse).toBe(true)
  close()
})

test.each(['linux', 'vt220', 'xterm', 'nosuchterm', 'tmux-256color'])('TERM=%s draws', async (term) => {
  const { draw, screen, close } = stage({ term })
  await draw(frame([region('a', 0, [line('│ docker0', 'bridge')])]))
  expect(screen.rows()[0]).toBe('│ docker0')
  close()
})

test('leaving restores the terminal, entering again draws the same', async () => {
  const { draw, renderer, screen, close } = stage()
  await draw(frame([region('tree', 0, rows(24, 3))]))
  const before = screen.text()
  renderer.leave()
  await screen.settled()
  expect(screen.alternate).toBe(false)
  expect(screen.cursorHidden).toBe(false)
  expect(screen.applicationKeys).toBe(false)
  expect(await draw(frame([region('tree', 0, rows(24, 4))]))).not.toContain('veth')
  renderer.enter()
  await screen.settled()
  expect(screen.alternate).toBe(true)
  expect(screen.text()).toBe(before)
  close()
  await screen.settled()
  expect(screen.alternate).toBe(false)
})
