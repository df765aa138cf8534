/** A chain's rules without those that ask for another port: of thousands of published ports a packet meets one. */
import type { Match, Rule } from '../../model/ruleset.ts'
import type { Packet } from './packet.ts'

type ByPort = {
  /** Places of the rules that ask for this port and no other. */
  readonly places: ReadonlyMap<number, readonly number[]>
  /** Places of all the others. */
  readonly rest: readonly number[]
}

/** A short chain is gone through sooner than looked up. */
const fewRules = 32
const memo = new WeakMap<readonly Rule[], ByPort>()

/** In their order. What is left out would not have fitted. */
export function rulesForPort(rules: readonly Rule[], { destinationPort }: Packet): Iterable<Rule> {
  if (destinationPort === null || rules.length <= fewRules) return rules
  let index = memo.get(rules)
  if (index === undefined) memo.set(rules, (index = byPort(rules)))
  return inOrder(rules, index.places.get(destinationPort) ?? [], index.rest)
}

function* inOrder(rules: readonly Rule[], some: readonly number[], rest: readonly number[]): Generator<Rule> {
  let at = 0
  for (const place of rest) {
    for (; (some[at] ?? Infinity) < place; at++) yield* ruleAt(rules, some[at])
    yield* ruleAt(rules, place)
  }
  for (; at < some.length; at++) yield* ruleAt(rules, some[at])
}

function ruleAt(rules: readonly Rule[], place: number | undefined): readonly Rule[] {
  const rule = place === undefined ? undefined : rules[place]
  return rule === undefined ? [] : [rule]
}

function byPort(rules: readonly Rule[]): ByPort {
  const places = new Map<number, number[]>()
  const rest: number[] = []
  for (const [place, { matches }] of rules.entries()) {
    const ports = matches.map(portsOf).find((each) => each !== null)
    if (ports === undefined) rest.push(place)
    for (const port of ports ?? []) {
      const list = places.get(port)
      if (list === undefined) places.set(port, [place])
      else list.push(place)
    }
  }
  return { places, rest }
}

/** null: it may fit ports that it does not name one by one. */
function portsOf(match: Match): ReadonlySet<number> | null {
  if (match.kind !== 'port' || match.side !== 'destination' || match.not) return null
  return match.values.every((value) => /^\d+$/.test(value)) ? new Set(match.values.map(Number)) : null
}
