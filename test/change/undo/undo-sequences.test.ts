/** Random changes and undos on a toy host: whatever is taken back in whatever order, all taken back is the start. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../../../src/change/apply/entry.ts'
import { undoPlan } from '../../../src/change/undo/undo-plan.ts'
import type { Command, Fact, Plan } from '../../../src/model/plan.ts'
import { plan, step } from '../../support/plan.ts'
import { address, link, loopback, netns, world } from '../../support/world.ts'

/** Links with an MTU and addresses. */
type Toy = ReadonlyMap<string, { readonly mtu: number; readonly addresses: readonly string[] }>

const start: Toy = new Map([['eth0', { mtu: 1500, addresses: ['10.0.0.1/24'] }]])
const names = ['eth0', 'lab0', 'lab1'] as const
const at = 'host'

function worldOf(toy: Toy) {
  const links = [...toy].map(([name, { mtu }], index) => link('bridge', { ifindex: index + 2, name, mtu }))
  const addresses = links.flatMap(({ ifindex, name }) =>
    (toy.get(name)?.addresses ?? []).map((each) => address(ifindex, each)),
  )
  return world([netns(100, 'host', { names: [], links: [loopback(), ...links], addresses })])
}

/** As strict as the kernel: what is not there cannot be changed, what is there cannot be made. */
function run(toy: Toy, { argv }: Command): Toy {
  const [what, name = '', value = ''] = argv
  const now = toy.get(name)
  const fail = () => {
    throw new Error(`cannot ${argv.join(' ')}`)
  }
  if (what === 'add')
    return now === undefined ? new Map([...toy, [name, { mtu: 1500, addresses: [] }]]) : fail()
  if (now === undefined) return fail()
  if (what === 'del') return new Map([...toy].filter(([each]) => each !== name))
  if (what === 'mtu') return new Map([...toy, [name, { ...now, mtu: Number(value) }]])
  if (now.addresses.includes(value) === (what === 'give')) return fail()
  const addresses =
    what === 'give' ? [...now.addresses, value] : now.addresses.filter((each) => each !== value)
  return new Map([...toy, [name, { ...now, addresses }]])
}

const linkFact = (name: string, there: boolean, is = {}): Fact => ({
  kind: 'link',
  at,
  name,
  there,
  ...(there ? { is } : {}),
})
const on = (name: string, text: string, there: boolean): Fact => ({
  kind: 'address',
  at,
  link: name,
  address: text,
  there,
})

type Wish = {
  readonly kind: 'make' | 'remove' | 'mtu' | 'give' | 'take'
  readonly name: string
  readonly number: number
}

/** null: it cannot be done now. */
function planOf(toy: Toy, { kind, name, number }: Wish): Plan | null {
  const now = toy.get(name)
  const path = [at, `link:${name}`]
  const text = `10.0.${number}.1/24`
  if (kind === 'make') {
    if (now !== undefined) return null
    const fields = {
      undo: [{ argv: ['del', name] }],
      before: [linkFact(name, false)],
      after: [linkFact(name, true, { mtu: 1500 })],
    }
    return plan(`make ${name}`, [
      step('make', { command: ['add', name], ...fields, touches: [{ path, how: 'add' }] }),
    ])
  }
  if (now === undefined) return null
  if (kind === 'remove') {
    const undo = [
      ['add', name],
      ['mtu', name, String(now.mtu)],
      ...now.addresses.map((each) => ['give', name, each]),
    ]
    const before = [
      linkFact(name, true, { mtu: now.mtu }),
      ...now.addresses.map((each) => on(name, each, true)),
    ]
    const fields = { undo: undo.map((argv) => ({ argv })), before, after: [linkFact(name, false)] }
    return plan(`remove ${name}`, [
      step('remove', { command: ['del', name], ...fields, touches: [{ path, how: 'delete' }] }),
    ])
  }
  if (kind === 'mtu') {
    const mtu = 1400 + number
    if (now.mtu === mtu) return null
    const fields = {
      undo: [{ argv: ['mtu', name, String(now.mtu)] }],
      before: [linkFact(name, true, { mtu: now.mtu })],
      after: [linkFact(name, true, { mtu })],
    }
    return plan(`set mtu of ${name}`, [
      step('mtu', {
        command: ['mtu', name, String(mtu)],
        ...fields,
        touches: [{ path, how: 'change', what: 'mtu' }],
      }),
    ])
  }
  const gives = kind === 'give'
  if (now.addresses.includes(text) === gives) return null
  const fields = {
    undo: [{ argv: [gives ? 'take' : 'give', name, text] }],
    before: [on(name, text, !gives)],
    after: [on(name, text, gives)],
  }
  const touches = [
    { path: [...path, `address:${text}`], how: gives ? ('add' as const) : ('delete' as const) },
    { path, how: 'use' as const },
  ]
  return plan(`${kind} ${text}`, [step(kind, { command: [kind, name, text], ...fields, touches })])
}

/** As the journal's lines put together tell it: an undo that was itself undone does not count. */
function entriesOf(plans: readonly Plan[]): readonly Entry[] {
  const undoneBy = new Map<number, number>()
  for (const [index, { undoes }] of [...plans.entries()].toReversed()) {
    if (undoes !== undefined && !undoneBy.has(index + 1) && !undoneBy.has(undoes))
      undoneBy.set(undoes, index + 1)
  }
  return plans.map((plan, index) => ({
    id: index + 1,
    at: '',
    plan,
    steps: plan.steps.map(() => 'done' as const),
    says: new Map(),
    state: undoneBy.has(index + 1) ? 'undone' : 'applied',
    left: [],
    confirmBefore: null,
    undoneBy: undoneBy.get(index + 1) ?? null,
  }))
}

const sorted = (toy: Toy) =>
  [...toy].map(([name, { mtu, addresses }]) => [name, mtu, addresses.toSorted()].join(' ')).toSorted()

const wish: fc.Arbitrary<Wish | { readonly undo: number }> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('make', 'remove', 'mtu', 'give', 'take'),
      name: fc.constantFrom(...names),
      number: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ undo: fc.nat(99) }) },
)

/** Sequences that were wrong once. */
const found: [(Wish | { readonly undo: number })[]][] = [
  // An address was given again to a link that another undo had taken away.
  [
    [
      { kind: 'make', name: 'lab1', number: 0 },
      { kind: 'make', name: 'lab0', number: 0 },
      { kind: 'give', name: 'lab0', number: 0 },
      { undo: 3 },
      { undo: 2 },
      { undo: 4 },
    ],
  ],
  // A link that was removed again had got an address back meanwhile, of which the way back did not know.
  [
    [
      { kind: 'take', name: 'eth0', number: 0 },
      { kind: 'remove', name: 'eth0', number: 0 },
      { undo: 0 },
      { undo: 0 },
      { undo: 3 },
    ],
  ],
]

test('random changes and undos, and then all undone, lead back to the start', () => {
  const seen = { undone: 0, redone: 0, blocked: 0 }
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 24 }), (wishes) => {
      let toy = start
      const plans: Plan[] = []
      const make = (made: Plan): void => {
        for (const { command } of made.steps) toy = run(toy, command)
        plans.push(made)
      }
      for (const each of wishes) {
        if (!('undo' in each)) {
          const made = planOf(toy, each)
          if (made !== null) make(made)
          continue
        }
        const id = each.undo % (plans.length + 1) || null
        const entries = entriesOf(plans)
        const undo = undoPlan(entries, id, worldOf(toy), new Map())
        if (!undo.ok) {
          if (undo.refusals.some(({ what }) => what.includes('cannot be undone'))) seen.blocked += 1
          continue
        }
        seen[undo.value.title.startsWith('make again') ? 'redone' : 'undone'] += 1
        make(undo.value)
      }
      for (let rest = plans.length + 1; ; rest -= 1) {
        const undo = undoPlan(entriesOf(plans), null, worldOf(toy), new Map())
        if (!undo.ok) {
          expect(undo.refusals.map(({ what }) => what)).toEqual([
            'no change is in effect: there is nothing to undo',
          ])
          break
        }
        expect(rest).toBeGreaterThan(0)
        make(undo.value)
      }
      expect(sorted(toy)).toEqual(sorted(start))
    }),
    { numRuns: 600, examples: found },
  )
  // Otherwise it would tell nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
})
