/** Facts held against the host as it is now. */
import { setTimeout as rest } from 'node:timers/promises'
import { isUnknown } from '../../model/known.ts'
import type { Fact } from '../../model/plan.ts'
import { checkFact } from '../check/check-fact.ts'
import { readFiles } from '../check/read-files.ts'
import { sayDifference } from '../check/say-difference.ts'
import type { Making } from './making.ts'

type Looking = Pick<Making, 'read' | 'world'>

/** The kernel takes a namespace and what was in it away behind the back of `ip netns del`. */
const settleMs = 3000
const lookAgainMs = 150

/** What is not as it should be, each a sentence; it gets a while to become so. */
export async function differences(
  making: Looking,
  facts: readonly Fact[],
  withinMs = settleMs,
): Promise<readonly string[]> {
  const end = Date.now() + withinMs
  for (;;) {
    const found = await differencesNow(making, facts)
    if (found.length === 0 || Date.now() >= end) return found
    await rest(lookAgainMs)
  }
}

async function differencesNow(making: Looking, facts: readonly Fact[]): Promise<readonly string[]> {
  if (facts.length === 0) return []
  const world = needsWorld(facts) ? await making.read(facts) : { ok: true as const, value: making.world }
  if (!world.ok) return [`the host could not be read again: ${world.failure.what}`]
  const files = await readFiles(facts)
  return facts
    .filter((fact) => checkFact(fact, world.value, files) !== true)
    .map((fact) => sayDifference(fact, world.value, files))
}

/** All of them are true; `null`: that cannot be told, or there are none. */
export async function hold(making: Looking, facts: readonly Fact[]): Promise<boolean | null> {
  if (facts.length === 0) return null
  const world = needsWorld(facts) ? await making.read(facts) : { ok: true as const, value: making.world }
  if (!world.ok) return null
  const files = await readFiles(facts)
  const checked = facts.map((fact) => checkFact(fact, world.value, files))
  if (checked.includes(false)) return false
  return checked.some((each) => isUnknown(each)) ? null : true
}

function needsWorld(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => kind !== 'file' && kind !== 'folder')
}

/** The namespaces that facts are about, as NETNS texts; the host is read anyway. */
export function namespacesOf(facts: readonly Fact[]): readonly string[] {
  return [...new Set(facts.flatMap((fact) => ('at' in fact && fact.at !== 'host' ? [fact.at] : [])))]
}

/** Whether an engine has to tell whether they are true. */
export function aboutEngine(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => kind === 'engine-network' || kind === 'engine-endpoint')
}
