/** What keeps shells: what is shown and how often, floods, what was typed too early, and their ends. */
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { failed, succeeded } from '../../src/lib/failure.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Msg } from '../../src/tui/msg.ts'
import { keepShells, type KeptShells } from '../../src/tui/shell/keep-shells.ts'
import { byteScanner } from '../../src/tui/shell/scan-bytes.ts'
import type { OpenShell, ShellEvents } from '../../src/tui/shell/shell-process.ts'

const place = {
  netns: { id: netnsId(7), name: 'web' },
  dev: 4,
  paths: ['/run/netns/web'],
  sockets: [],
  user: null,
}
const opening = { do: 'open', place, columns: 20, rows: 3 } as const

type Fake = { readonly events: ShellEvents; readonly done: string[] }
type Kept = {
  readonly shells: KeptShells
  readonly msgs: Msg[]
  readonly fakes: Fake[]
  readonly keyboards: unknown[]
  text(): string
}

function kept(answer?: Awaited<ReturnType<OpenShell>>): Kept {
  const msgs: Msg[] = []
  const fakes: Fake[] = []
  const keyboards: unknown[] = []
  const open: OpenShell = async (_, events) => {
    const done: string[] = []
    fakes.push({ events, done })
    if (answer !== undefined) return answer
    return succeeded({
      write: (bytes) => void done.push(`write ${JSON.stringify(Buffer.from(bytes).toString())}`),
      resize: (columns, rows) => void done.push(`resize ${columns}x${rows}`),
      pause: () => void done.push('pause'),
      resume: () => void done.push('resume'),
      end: async () => void done.push('end'),
    })
  }
  const shells = keepShells({
    open,
    scanner: byteScanner('C-]'),
    dispatch: (msg) => void msgs.push(msg),
    keyboard: (modes) => void keyboards.push(modes),
    now: () => 5,
  })
  onTestFinished(() => shells.stop())
  const screens = () => msgs.flatMap((msg) => (msg.type === 'shell-screen' ? [msg.screen] : []))
  return {
    shells,
    msgs,
    fakes,
    keyboards,
    text: () =>
      (screens().at(-1)?.lines ?? []).map(({ spans }) => spans.map(({ text }) => text).join('')).join('\n'),
  }
}

async function opened(it: Kept, number = 1): Promise<Fake> {
  it.shells.order(number, opening)
  it.shells.focus(number, number)
  const before = it.fakes.length
  await vi.waitFor(() => expect(it.fakes.length).toBeGreaterThan(before))
  const fake = it.fakes.at(-1)
  if (fake === undefined) throw new Error('none')
  await vi.waitFor(() => expect(fake.done).toContain('resize 20x3'))
  return fake
}
const bytes = (text: string): Uint8Array => Buffer.from(text)

beforeEach(() => vi.useRealTimers())
afterEach(() => vi.useRealTimers())

test('what was typed before the shell was there is typed when it is', async () => {
  const it = kept()
  it.shells.order(1, opening)
  it.shells.focus(1, 1)
  expect(it.shells.typed(Buffer.from('ls\r'))).toEqual({ key: null, rest: Buffer.alloc(0) })
  it.shells.order(1, { do: 'type', text: 'x' })
  it.shells.order(1, { do: 'resize', columns: 30, rows: 5 })
  await vi.waitFor(() => expect(it.fakes[0]?.done).toEqual(['resize 30x5', 'write "ls\\r"', 'write "x"']))
})

test('many prints are few messages, the last of them whole; of a shell that is not in sight there is none', async () => {
  const it = kept()
  const { events } = await opened(it)
  const began = performance.now()
  for (let at = 0; at < 100; at += 1) {
    events.onData(bytes(`\r\nline ${at}`))
    await new Promise((done) => setTimeout(done, 2))
  }
  await vi.waitFor(() => expect(it.text()).toContain('line 99'))
  const most = (performance.now() - began) / 33 + 2
  expect(it.msgs.length).toBeLessThanOrEqual(most)
  const before = it.msgs.length
  it.shells.focus(null, null)
  events.onData(bytes('\r\nunseen'))
  await new Promise((done) => setTimeout(done, 80))
  expect(it.msgs.length).toBe(before)
  it.shells.focus(null, 1)
  await vi.waitFor(() => expect(it.text()).toContain('unseen'))
  // Nothing changed: nothing is said.
  const told = it.msgs.length
  events.onData(bytes('\x1b[m'))
  await new Promise((done) => setTimeout(done, 80))
  expect(it.msgs.length).toBe(told)
})

test('a flood is not read faster than it is understood', async () => {
  const it = kept()
  const { events, done } = await opened(it)
  const chunk = bytes('flood\r\n'.repeat(10_000))
  for (let at = 0; at < 5; at += 1) events.onData(chunk)
  expect(done.filter((each) => each === 'pause')).toHaveLength(1)
  expect(done).not.toContain('resume')
  await vi.waitFor(() => expect(done).toContain('resume'), 5000)
  events.onData(bytes('end'))
  await vi.waitFor(() => expect(it.text()).toContain('end'))
  expect(done.filter((each) => each === 'pause')).toHaveLength(1)
})

test('thousands of questions get some hundred answers', async () => {
  const it = kept()
  const { events, done } = await opened(it)
  events.onData(bytes('\x1b[6n'.repeat(20_000)))
  await vi.waitFor(() => expect(done.length).toBeGreaterThan(500))
  events.onData(bytes('x'))
  await vi.waitFor(() => expect(it.text()).toContain('x'))
  expect(done.filter((each) => each.startsWith('write')).length).toBeLessThanOrEqual(512)
})

test('the keyboard sends what the shell’s program asked for, and the screen’s again after it', async () => {
  const it = kept()
  const { events } = await opened(it)
  expect(it.keyboards).toEqual([{ cursorKeys: false, keypad: false, paste: false }])
  events.onData(bytes('\x1b[?1h\x1b='))
  await vi.waitFor(() => expect(it.keyboards.at(-1)).toMatchObject({ cursorKeys: true, keypad: true }))
  it.shells.focus(null, 1)
  expect(it.keyboards.at(-1)).toBeNull()
  expect(it.keyboards).toHaveLength(3)
})

test('its last words are on its screen before its end is told', async () => {
  const it = kept()
  const { events } = await opened(it)
  events.onData(bytes('last words'))
  events.onExit({ exitCode: 3, signal: null })
  await vi.waitFor(() => expect(it.msgs.at(-1)?.type).toBe('shell-ended'))
  expect(it.text()).toContain('last words')
  expect(it.msgs.at(-1)).toEqual({
    type: 'shell-ended',
    number: 1,
    end: { exitCode: 3, signal: null, problem: null },
    unavailable: null,
    now: 5,
  })
  // What is typed after that goes nowhere.
  it.shells.typed(Buffer.from('x'))
  expect(it.fakes[0]?.done.some((each) => each.startsWith('write'))).toBe(false)
})

test('why it could not be opened is told, and whether another could', async () => {
  const it = kept({ ...failed({ kind: 'refused', what: 'no pty here' }), unavailable: true })
  it.shells.order(1, opening)
  await vi.waitFor(() =>
    expect(it.msgs.at(-1)).toMatchObject({ end: { problem: 'no pty here' }, unavailable: 'no pty here' }),
  )
})

test('closed ones and those that run at the end are ended, also one that was still being opened', async () => {
  const it = kept()
  const first = await opened(it, 1)
  const second = await opened(it, 2)
  it.shells.order(1, { do: 'end' })
  expect([first.done.at(-1), second.done.includes('end')]).toEqual(['end', false])
  it.shells.order(3, opening)
  it.shells.order(3, { do: 'end' })
  await vi.waitFor(() => expect(it.fakes[2]?.done).toEqual(['end']))
  await it.shells.stop()
  expect(second.done.at(-1)).toBe('end')
})
