import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { personAt } from '../../src/cli/change-person.ts'
import type { Proposal } from '../../src/command/person.ts'
import { oneStep, planFor, resultOf } from '../support/fake-changer.ts'

const preview = { ...resultOf(planFor({ kind: 'netns-add', name: 'red' }), 1), id: null, steps: oneStep }
const proposal: Proposal = { kind: 'change', preview }

function atTerminal(isTTY = true) {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()]
  const stop = new AbortController()
  const person = personAt({
    stdin: Object.assign(stdin, { isTTY }) as unknown as NodeJS.ReadStream,
    stderr: Object.assign(stderr, { isTTY }) as unknown as NodeJS.WriteStream,
    env: {},
    color: 'never',
    signal: stop.signal,
  })
  return { person, stdin, stop, said: () => String(stderr.read() ?? '') }
}

test.each([
  ['y\n', true],
  ['Yes\n', true],
  ['\n', false],
  ['no\n', false],
  ['yessir\n', false],
])('%j is %s', async (typed, wanted) => {
  const { person, stdin, said } = atTerminal()
  const answered = person.approves(proposal)
  stdin.write(typed)
  expect(await answered).toBe(wanted)
  expect(said()).toBe(
    'do netns-add\n  make red\n    + ip netns add red\n    - ip netns del red\napply? [y/N] ',
  )
})

test('a terminal that closes, and a signal, are no', async () => {
  const closed = atTerminal()
  const first = closed.person.approves(proposal)
  closed.stdin.end()
  expect(await first).toBe(false)
  const stopped = atTerminal()
  const second = stopped.person.approves(proposal)
  stopped.stop.abort()
  expect(await second).toBe(false)
})

test('steps are told where somebody watches, and to another program as JSON lines', () => {
  const [step] = oneStep
  if (step === undefined) throw new Error('there is one')
  const seen = atTerminal()
  seen.person.step({ number: 1, of: 2, step }, false)
  seen.person.step({ number: 1, of: 2, step: { ...step, title: 'make \x1bred', outcome: 'done' } }, false)
  expect(seen.said()).toBe('1/2 make \\x1bred: done\n')
  const unseen = atTerminal(false)
  unseen.person.step({ number: 1, of: 2, step: { ...step, outcome: 'done' } }, false)
  expect([unseen.said(), unseen.person.isThere]).toEqual(['', false])
  unseen.person.step({ number: 1, of: 2, step }, true)
  unseen.person.waits('pid 7 changes this host', true)
  expect(
    unseen
      .said()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  ).toEqual([{ number: 1, of: 2, step }, { waits: 'pid 7 changes this host' }])
  unseen.person.waits('pid 7 changes this host', false)
  expect(unseen.said()).toBe('vethscope: pid 7 changes this host\n')
})
