/** Findings of rules that an engine or a lab wrote and that are gone: an engine can be spared a restart. */
import type { Finding } from '../../model/finding.ts'
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import type { Values } from '../changing/form.ts'
import type { State } from '../state.ts'
import { engineWords } from './engine-words.ts'
import { findingsOf } from './findings.ts'
import { shown } from './shown.ts'

/** F05: a network's MASQUERADE. F06: its engine's chains. Of others only those that say so: what lets a lab pass the rules of others. */
const ids: readonly string[] = ['F05', 'F06']

export function isOfLostRules({ id, command }: Finding): boolean {
  return ids.includes(id) || command.startsWith('vethscope rules restore')
}

/** What the form is filled with; `why` it is no engine's to write. */
export function restoreOf(
  state: State,
  finding: Finding,
): { readonly values: Values } | { readonly why: string } {
  const { world } = shown(state)
  if (!isOfLostRules(finding)) return { why: `${finding.id} is not about rules that an engine lost` }
  const values = world === null ? null : engineOf(world, finding)
  return values === null
    ? {
        why: `${finding.subject} is no network of Docker, Podman or a lab: nobody is known to have written its rules`,
      }
    : { values }
}

function engineOf(world: World, { netns, subject }: Finding): Values | null {
  for (const engine of listOf(world.engines)) {
    if (engine.netns !== netns) continue
    const isMeant =
      subject.toLowerCase() === engine.engine ||
      listOf(engine.networks).some(({ bridge }) => bridge === subject)
    const values = !isMeant ? null : engine.engine === 'lab' ? { engine: 'lab' } : engineWords(world, engine)
    if (values !== null) return values
  }
  return null
}

/** The one that is chosen in the list, or was gone to last; else the first of its kind. */
export function findingToRestore(state: State): Finding | null {
  const { findings } = findingsOf(state)
  if (state.mode.type === 'gaps') return findings[state.mode.cursor] ?? null
  const last = state.finding === null ? undefined : findings[state.finding]
  return last !== undefined && isOfLostRules(last) ? last : (findings.find(isOfLostRules) ?? null)
}
