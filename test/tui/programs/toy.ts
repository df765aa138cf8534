/**
 * A small screen on the real session: shows each message it gets, and misbehaves on demand. Tests of the terminal's
 * behaviour run it in place of the whole program.
 */
import type { Frame, Line, Size } from '../../../src/tui/frame.ts'
import type { Effect, Msg } from '../../../src/tui/msg.ts'
import { runSession } from '../../../src/tui/session.ts'
import { isUtf8 } from '../../../src/tui/terminal/locale.ts'
import { chosenTheme } from '../../../src/tui/themes.ts'
import { openWorker } from '../../../src/tui/worker-port.ts'

type Toy = {
  readonly size: Size
  readonly log: readonly string[]
  readonly selected: number
  readonly crash: boolean
}

function update(state: Toy, msg: Msg): readonly [Toy, ...Effect[]] {
  const heard = (text: string): Toy => ({ ...state, log: [...state.log, text].slice(-18) })
  switch (msg.type) {
    case 'key':
      if (msg.key === 'q') return [state, { type: 'quit', exitCode: 0 }]
      if (msg.key === 'C-c') return [state, { type: 'quit', exitCode: 130 }]
      if (msg.key === 'C-z') return [state, { type: 'suspend' }]
      if (msg.key === 'C-l') return [state, { type: 'redraw' }]
      if (msg.key === 'X') throw new Error('thrown in \x1b[31mupdate')
      if (msg.key === 'V') return [{ ...state, crash: true }]
      if (msg.key === 'R') {
        void Promise.reject(new Error('rejected'))
        return [state]
      }
      if (msg.key === 'W') return [heard('waiting'), { type: 'wake', afterMs: 50 }]
      if (msg.key === 'K') return [heard('restart'), { type: 'restart-worker' }]
      if (msg.key === 'down') return [{ ...state, selected: state.selected + 1 }]
      return [heard(`key ${msg.key}`)]
    case 'paste':
      return [heard(`paste ${JSON.stringify(msg.text)}`)]
    case 'mouse':
      return [heard(`mouse ${msg.mouse.event}`)]
    case 'resize':
      return [{ ...state, size: msg.size }]
    case 'worker':
      return [heard(`worker ${JSON.stringify(msg.message).slice(0, 60)}`)]
    case 'worker-gone':
      return [heard(`gone: ${msg.reason}`)]
    case 'clock':
      return [state.log.includes('waiting') ? heard('clock') : state]
    case 'ran':
      return [heard(`ran ${msg.id}`)]
    case 'text-saved':
      return [heard('text saved')]
    case 'probe-told':
    case 'probe-ended':
    case 'shell-screen':
    case 'shell-ended':
    case 'change-planned':
    case 'change-told':
    case 'change-ended':
    case 'change-confirmed':
      return [heard(msg.type)]
    case 'resumed':
      return [heard('resumed')]
    default:
      return [msg satisfies never]
  }
}

function view(state: Toy): Frame {
  if (state.crash) throw new Error('thrown in view')
  const { columns, rows } = state.size
  const text = (content: string, selected = false): Line => ({
    spans: [{ text: content, role: 'text' }],
    selected,
  })
  const border = text('|')
  return {
    columns,
    rows,
    cursor: null,
    regions: [
      {
        id: 'top',
        top: 0,
        left: 0,
        width: columns - 1,
        height: 1,
        lines: [text(`toy ${columns}x${rows} 容器 🐳 e\u0301`)],
      },
      {
        id: 'log',
        top: 1,
        left: 0,
        width: columns - 1,
        height: rows - 1,
        lines: state.log.map((entry, at) => text(entry, at === state.selected % 18)),
      },
      {
        id: 'edge',
        top: 0,
        left: columns - 1,
        width: 1,
        height: rows,
        lines: Array.from({ length: rows }, () => border),
      },
    ],
  }
}

// As vethscope.ts has one: it must not speak before the terminal is restored.
process.on('uncaughtException', () => process.stderr.write('said too early'))
const theme = chosenTheme({}, process.env)
if (!theme.ok) throw new Error(theme.failure.what)
const worker = process.argv[2]
process.exitCode = await runSession<Toy>({
  initial: (size) => ({ size, log: ['ready'], selected: 0, crash: false }),
  update,
  view,
  env: {},
  worker:
    worker === undefined
      ? null
      : openWorker(new URL(`./${worker}.js`, import.meta.url), { reader: 'auto', version: '0' }),
  input: process.stdin,
  output: process.stdout,
  term: process.env['TERM'] ?? '',
  utf8: isUtf8(process.env),
  theme: theme.value,
  now: Date.now,
  say: (sentence) => process.stderr.write(`toy: ${sentence}\n`),
})
