import { expect, test } from 'vitest'
import { finalFacts } from '../../../src/change/check/final-facts.ts'
import type { Fact } from '../../../src/model/plan.ts'

const lab0 = { kind: 'link', at: 'host', name: 'lab0', there: true } as const
const on = { kind: 'address', at: 'host', link: 'lab0', address: '10.0.0.1/24', there: true } as const

const final = (...steps: readonly (readonly Fact[])[]) => finalFacts(steps.map((after) => ({ after })))

test('what a later step says of the same thing counts', () => {
  expect(final([on], [{ ...on, there: false }])).toEqual([{ ...on, there: false }])
  expect(
    final([{ kind: 'file', path: '/x', text: 'a' }], [{ kind: 'file', path: '/x', text: null }]),
  ).toEqual([{ kind: 'file', path: '/x', text: null }])
})

test('what was said of a link stays where a later step says other things of it', () => {
  expect(final([{ ...lab0, is: { up: false, mtu: 1400 } }], [{ ...lab0, is: { up: true } }])).toEqual([
    { ...lab0, is: { up: true, mtu: 1400 } },
  ])
})

test('with a link goes what was on it, with a namespace what was in it, and nothing else', () => {
  const sysctl = { kind: 'sysctl', at: 'host', name: 'ipv4.conf.lab0.forwarding', value: '1' } as const
  const other = { ...on, link: 'lab00' }
  const gone = { ...lab0, there: false } as const
  expect(final([lab0], [on, sysctl, other], [gone])).toEqual([other, gone])
  const inWeb = { ...on, at: '/run/netns/web', link: 'eth0' } as const
  const noWeb = { kind: 'netns', name: 'web', there: false } as const
  expect(final([inWeb, on], [noWeb])).toEqual([on, noWeb])
})
