import { expect, test } from 'vitest'
import { changeText, cleanupText, previewText, unfinishedText } from '../../src/cli/change-text.ts'
import { confirmedText, journalText } from '../../src/cli/journal-text.ts'
import { style } from '../../src/cli/style.ts'
import type { ChangeResult, JournalChange } from '../../src/model/change-result.ts'

const plain = style({ colour: false, unicode: true })

const done: ChangeResult = {
  id: 12,
  title: 'make bridge br0',
  applied: true,
  verified: true,
  steps: [
    {
      title: 'make bridge br0',
      command: 'ip link add br0 type bridge',
      undo: ['ip link del br0'],
      outcome: 'done',
    },
  ],
  left: [],
  differences: [],
  notes: [],
}

test('done: with how it is taken back', () => {
  expect(changeText(done, plain)).toEqual([
    'done: make bridge br0',
    'change 12, 1 step; undo: vethscope undo 12',
  ])
})

test('a part that another host has in its journal is taken back there', () => {
  expect(changeText({ ...done, host: 'host1' }, plain)).toContain(
    'change 12 of host1, 1 step; undo: vethscope --host host1 undo 12',
  )
})

test('where another namespace was taken as the host, what is to be typed next says so, too', () => {
  expect(changeText({ ...done, confirmBefore: '2026-11-21T14:03:22Z' }, plain, 'red').slice(1)).toEqual([
    'taken back at 2026-11-21T14:03:22Z unless you keep it: vethscope --host red confirm 12',
    'change 12, 1 step; undo: vethscope --host red undo 12',
  ])
  // The part's own host before that.
  expect(changeText({ ...done, host: 'host1' }, plain, 'red').join('\n')).toContain('--host host1 undo 12')
  const entry: JournalChange = {
    id: 3,
    at: '2026-11-21T14:03:22.123Z',
    intent: { kind: 'netns-add', name: 'red' },
    title: 'make netns red',
    state: 'applied',
    undoes: null,
    undoneBy: null,
    confirmBefore: null,
    left: [],
    steps: [],
  }
  const begun: JournalChange = { ...entry, id: 4, state: 'unfinished' }
  expect(journalText([entry, begun], plain, 'red').slice(-2)).toEqual([
    'what was begun and not ended: vethscope --host red cleanup',
    'undo: vethscope --host red undo 3',
  ])
  expect(confirmedText(entry, plain, 'red').at(-1)).toBe('undo: vethscope --host red undo 3')
})

test('what an engine answered stands beside its step, done or undone', () => {
  const steps = done.steps.map((step) => ({ ...step, says: 'id 4f3a21c0d5e6\x1b' }))
  expect(changeText({ ...done, steps }, plain)).toContain('  make bridge br0: id 4f3a21c0d5e6\\x1b')
  const undone = steps.map((step) => ({ ...step, outcome: 'undone' as const }))
  expect(changeText({ ...done, steps: undone, applied: false }, plain)).toContain(
    '  undone   make bridge br0: id 4f3a21c0d5e6\\x1b',
  )
})

test('what takes a change back does not offer to be taken back', () => {
  expect(changeText({ ...done, undoes: 11 }, plain).join('\n')).not.toContain('vethscope undo')
})

test('not as it should be, noted, and waiting to be confirmed', () => {
  const text = changeText(
    {
      ...done,
      verified: false,
      differences: ['br0 should be up and is not'],
      notes: ['[::1] cannot be published'],
      confirmBefore: '2026-11-21T14:03:22Z',
    },
    plain,
  ).join('\n')
  expect(text).toContain('done, but not as it should be: make bridge br0')
  expect(text).toContain('! br0 should be up and is not')
  expect(text).toContain('note: [::1] cannot be published')
  expect(text).toMatch(/taken back at 2026-11-21T14:03:22Z unless you keep it: vethscope confirm 12$/m)
})

test('failed: the command, what it said, what became of each step, and what is left', () => {
  const text = changeText(
    {
      ...done,
      applied: false,
      verified: false,
      steps: [
        { title: 'a', command: 'true', undo: [], outcome: 'undone' },
        { title: 'b', command: 'false', undo: [], outcome: 'failed' },
        { title: 'c', command: 'true', undo: [], outcome: 'not run' },
      ],
      left: ['link x could not be removed: busy; remove it by hand'],
      error: { what: 'b: false ended with 1', command: 'false', exitCode: 1, stderr: 'no\x1b[2J\nreally\n' },
    },
    plain,
  )
  expect(text).toEqual([
    'failed: make bridge br0: what was done is taken back, except what stands below',
    '  ! b: false ended with 1',
    '  false',
    '  exit code 1',
    '  no\\x1b[2J',
    '  really',
    '  undone   a',
    '  failed   b',
    '  not run  c',
    '  left: link x could not be removed: busy; remove it by hand',
  ])
})

test('nothing had to be done, and nobody said yes', () => {
  expect(changeText({ ...done, id: null, steps: [] }, plain)).toEqual([
    'make bridge br0: nothing had to be done',
  ])
  const steps = done.steps.map((step) => ({ ...step, outcome: 'not run' as const }))
  expect(changeText({ ...done, id: null, applied: false, verified: false, steps }, plain)).toEqual([
    'make bridge br0: not done',
  ])
})

test('a preview has each command and what takes it back, several lines of one as well', () => {
  const text = previewText(
    {
      ...done,
      notes: ['forwarding stays on'],
      steps: [
        {
          title: 'write hosts',
          command: "tee /etc/netns/web/hosts <<'EOF'\n127.0.0.1 localhost\nEOF",
          undo: ['rm -f /etc/netns/web/hosts', 'rmdir /etc/netns/web'],
          outcome: 'not run',
        },
        { title: 'x', command: 'y', undo: { irreversible: 'the lease is the server’s' }, outcome: 'not run' },
      ],
    },
    plain,
  )
  expect(text).toEqual([
    'make bridge br0',
    '  write hosts',
    "    + tee /etc/netns/web/hosts <<'EOF'",
    '      127.0.0.1 localhost',
    '      EOF',
    '    - rm -f /etc/netns/web/hosts',
    '    - rmdir /etc/netns/web',
    '  x',
    '    + y',
    '    ! cannot be taken back: the lease is the server’s',
    '  note: forwarding stays on',
  ])
})

const entry: JournalChange = {
  id: 3,
  at: '2026-11-21T14:03:22.123Z',
  title: 'make bridge br0',
  intent: { kind: 'bridge-add', netns: 'host', link: 'br0', up: true },
  state: 'applied',
  steps: done.steps,
  undoes: null,
  undoneBy: null,
  left: [],
  confirmBefore: null,
}

test('the journal: a line each, and what helps', () => {
  expect(journalText([], plain)).toEqual(['nothing was changed here'])
  const text = journalText(
    [
      { ...entry, id: 1, state: 'undone', undoneBy: 2 },
      { ...entry, id: 2, undoes: 1 },
      entry,
      { ...entry, id: 4, state: 'unfinished' },
      { ...entry, id: 5, state: 'unconfirmed', confirmBefore: '2026-11-21T14:05:00Z' },
      { ...entry, id: 6, state: 'left', left: ['x\x07'] },
    ],
    plain,
  )
  expect(text).toEqual([
    'ID  WHEN                 STATE        CHANGE',
    '1   2026-11-21 14:03:22  undone       make bridge br0; taken back by 2',
    '2   2026-11-21 14:03:22  applied      make bridge br0',
    '3   2026-11-21 14:03:22  applied      make bridge br0',
    '4   2026-11-21 14:03:22  unfinished   make bridge br0',
    '5   2026-11-21 14:03:22  unconfirmed  make bridge br0; taken back at 2026-11-21 14:05:00 unless confirmed',
    '6   2026-11-21 14:03:22  left         make bridge br0; left: x\\x07',
    'what was begun and not ended: vethscope cleanup',
    'undo: vethscope undo 3',
  ])
})

test('cleanup and confirm', () => {
  expect(cleanupText({ cleaned: [] }, plain)).toEqual(['nothing to clean up'])
  expect(cleanupText({ cleaned: [{ ...done, left: ['x is busy'] }] }, plain)).toEqual([
    'taken back: make bridge br0',
    '  left: x is busy',
  ])
  expect(unfinishedText([entry], plain)).toEqual([
    'change 3: make bridge br0, begun 2026-11-21T14:03:22.123Z and not ended',
    '  make bridge br0',
    '    + ip link add br0 type bridge',
    '    - ip link del br0',
  ])
  expect(confirmedText(entry, plain)).toEqual(['kept: make bridge br0 (change 3)', 'undo: vethscope undo 3'])
})
