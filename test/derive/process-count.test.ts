/** Where nobody could look, nobody can say that there is no process (fixture without-root: PID 29 is in one of the named). */
import { expect, test } from 'vitest'
import { describe } from '../../src/command/describe.ts'
import { netnsListText } from '../../src/cli/list-text.ts'
import { style } from '../../src/cli/style.ts'
import { processCount } from '../../src/derive/process-count.ts'
import { worldOf } from '../support/fixture.ts'
import { netns, world } from '../support/world.ts'
import { opened, turnedTo } from '../tui-unit/namespaces-screen.ts'

const reason =
  'the namespace of sleep 29 and 1 more could not be read, and may be this one; run as root or grant cap_sys_ptrace'

test('a named namespace in which none is seen: not known without root, none with it', async () => {
  const given = await worldOf('without-root')
  const counts = given.netns.map((each) => processCount(given, each))
  expect(counts.slice(0, 2)).toEqual([2, { unknown: reason }])
  expect(counts.at(-1)).toBe(1)
  const seen = world([netns(100, 'host'), netns(200, 'outer')])
  expect(seen.netns.map((each) => processCount(seen, each))).toEqual([0, 0])
})

test('a process of which /proc with hidepid shows nothing may be in any', () => {
  const gap = {
    what: 'processes',
    subject: '3 processes of other users',
    reason: 'hidepid',
    hint: 'run as root',
  }
  const given = world([netns(100, 'host')], { gaps: [gap] })
  expect(given.netns.map((each) => processCount(given, each))).toEqual([
    {
      unknown:
        'the namespace of 3 processes of other users could not be read, and may be this one; run as root',
    },
  ])
})

test('one whose first thread has ended hides nobody: its other threads tell where it is', () => {
  const ended = {
    pid: 7,
    ppid: 1,
    startTime: 1,
    comm: 'x',
    uid: 0,
    cgroup: '/',
    netns: { unknown: 'its first thread has ended' },
    namespaces: {},
  }
  const given = world([netns(100, 'host')], { processes: [ended] })
  expect(given.netns.map((each) => processCount(given, each))).toEqual([0])
})

test('the screen and ls say so too', async () => {
  const given = await worldOf('without-root')
  const it = opened(given, { columns: 200, rows: 40 }, 'without-root')
  it.keys('j')
  expect(it.line('held by')).toContain('its name; processes not known')
  turnedTo(it, 'PROCESSES')
  expect(it.line('not known who is in it')).toContain('the namespace of sleep 29 and 1 more')
  expect(it.text()).not.toContain('no process is in it')
  const rows = netnsListText(given.netns.map(describe(given).netns), style({ colour: false, unicode: true }))
  expect(rows.find((row) => row.startsWith('a '))).toMatch(/ named +\? +\? /)
})
