import { expect, test } from 'vitest'
import { withoutGone } from '../../../src/change/undo/without-gone.ts'
import type { Command } from '../../../src/model/plan.ts'
import { container, engine } from '../../support/engine.ts'
import { step } from '../../support/plan.ts'
import { netns, world } from '../../support/world.ts'

const socket = '/run/docker.sock'
const connect = (name: string): Command => ({
  argv: ['curl', name],
  whose: { engine: 'docker', socket, container: name },
})
const create: Command = { argv: ['curl', 'create'] }
const removed = step('remove network web', { undo: [create, connect('here'), connect('a\nb')] })

test('who is gone is left out and named', () => {
  const seen = world([netns(100, 'host')], { engines: [engine([container('here', null)])] })
  expect(withoutGone(removed, seen)).toEqual({
    step: { ...removed, undo: [create, connect('here')] },
    gone: ['container a\\x0ab is gone: it is not connected again'],
  })
})

test.each([
  ['an engine that keeps silent', [engine({ unknown: 'no answer' })]],
  ['an engine that is not there', []],
  ['engines that were not read', { unknown: 'permission denied' }],
])('%s: all of it is tried', (_, engines) => {
  expect(withoutGone(removed, world([netns(100, 'host')], { engines }))).toEqual({ step: removed, gone: [] })
})

test('what cannot be taken back stays so', () => {
  const gone = step('remove it', { undo: { irreversible: 'nobody knows' } })
  expect(withoutGone(gone, world([netns(100, 'host')]))).toEqual({ step: gone, gone: [] })
})
