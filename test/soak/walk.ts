/** One walk through all there is to look at: each place is opened, seen to be open, and left. */
import type { TestTerminal } from '../support/terminal.ts'
import { loaded } from './host.ts'

const limitMs = 6000
const attempts = 3
/** What the program says to an Escape that had nothing to close: all keys before it were taken. */
const nothingOpen = 'nothing is open'

type Visit = {
  readonly name: string
  /** Pressed until the place shows, and no more often than this. */
  readonly keys: string
  readonly shows: RegExp
  readonly times?: number
  /** What is done there. */
  readonly there?: readonly Step[]
}
type Step = { readonly keys: string; readonly shows: RegExp }

const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`
const down = { keys: '\x1b[6~jjk\x1b[5~', shows: /./ } as const
const moving = /rx [1-9][\d.]* +tx [1-9][\d.]* +(?:\wbit|pk)\/s ─/
const found = { keys: `${paste('vload')}\r`, shows: /── vload in host / } as const
/** `}` turns to the next table; where the walk stood before is remembered. */
const turns = 12

export const visits: readonly Visit[] = [
  { name: 'topology', keys: '1', shows: /── host /, there: [down] },
  { name: 'menu', keys: 'x', shows: /┌ what can be done/ },
  { name: 'help', keys: '?', shows: /┌ help/, there: [{ keys: '/', shows: /help/ }] },
  {
    name: 'command line, a command run',
    keys: ':',
    shows: /Tab complete/,
    there: [{ keys: `${paste(`show ${loaded}`)}\r`, shows: /┌ : show load0 +done/ }],
  },
  { name: 'themes', keys: 'T', shows: /┌ theme/, there: [{ keys: 'jj', shows: /┌ theme/ }] },
  { name: 'findings', keys: '!', shows: /┌ .*finding/ },
  {
    name: 'find',
    keys: 'f',
    shows: /find:/,
    there: [found],
  },
  // Found: the chart is the busy link's.
  {
    name: 'chart with traffic',
    keys: '',
    shows: moving,
    there: [
      { keys: 'b', shows: moving },
      { keys: 'b', shows: moving },
    ],
  },
  {
    name: 'route',
    keys: 'r',
    shows: /route to:/,
    there: [{ keys: paste('10.99.0.2'), shows: /ip route get 10\.99\.0\.2/ }],
  },
  {
    name: 'filter',
    keys: '/',
    shows: /Enter keep/,
    there: [{ keys: `${paste('vload')}\r`, shows: /filter: vload/ }],
  },
  { name: 'freeze', keys: 'z', shows: / frozen \d/, there: [{ keys: 'z', shows: / live \d/ }] },
  { name: 'copy', keys: 'Y', shows: /┌ copy/ },
  { name: 'namespaces', keys: '2', shows: /━.{0,3}namespaces \d+/, there: [down] },
  { name: 'columns', keys: 'o', shows: /┌ columns/ },
  ...['PROCESSES', 'ROUTES', 'NEIGHBOURS', 'SOCKETS', 'DNS', 'SYSCTLS', 'DROPS'].map((sheet): Visit => ({
    name: `sheet ${sheet}`,
    keys: '}',
    times: turns,
    shows: new RegExp(`\\b${sheet}\\b(?! +NAME)`),
  })),
  { name: 'find again', keys: 'f', shows: /find:/, there: [found] },
  { name: 'rules', keys: '3', shows: /soak|prerouting|policy/, there: [down] },
  { name: 'ports', keys: '4', shows: /published \d/, there: [down] },
  { name: 'connections', keys: '}', times: turns, shows: / connections .*\d+ of \d+/, there: [down] },
  { name: 'networks', keys: '5', shows: /━.{0,3}networks \d+/, there: [down] },
  { name: 'probes', keys: '6', shows: /━.{0,3}probes \d+/, there: [down] },
  { name: 'log', keys: '7', shows: /all \d+ ─.{0,3}changes \d+/, there: [down] },
  { name: 'log, its pages', keys: '}', shows: /changes \d+ ─.{0,3}commands \d+/, there: [down] },
]

/** Throws with the screen where a place does not open. */
export async function walk(terminal: TestTerminal): Promise<void> {
  for (const visit of visits) await visited(terminal, visit, attempts)
  await leave(terminal)
}

/**
 * Some attempts: a busy machine gives the program an Escape and the key after it in one piece, and to a terminal that is
 * Alt with the key.
 */
async function visited(terminal: TestTerminal, visit: Visit, left: number): Promise<void> {
  const { name, keys, shows, times = 1, there = [] } = visit
  await leave(terminal)
  try {
    await pressUntil(terminal, keys, shows, times)
    for (const step of there) await pressUntil(terminal, step.keys, step.shows, 1)
  } catch (error) {
    if (left > 1) return visited(terminal, visit, left - 1)
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function pressUntil(terminal: TestTerminal, keys: string, shows: RegExp, times: number): Promise<void> {
  for (let time = 1; time < times; time += 1) {
    if (shows.test(terminal.text())) return
    terminal.send(keys)
    await pause(400)
  }
  if (times > 1 && shows.test(terminal.text())) return
  terminal.send(keys)
  await terminal.waitFor(shows, limitMs)
}

/** Escapes lead out of any prompt or page; each alone in its time, or it would begin the sequence of the next key. */
export async function leave(terminal: TestTerminal): Promise<void> {
  for (let count = 0; count < 10; count += 1) {
    terminal.send('\x1b')
    await pause(150)
    if (terminal.text().includes(nothingOpen)) break
  }
  await pause(100)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
