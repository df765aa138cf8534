/** What could not be read, in one list: for the header's count, the strip and the page behind `!`. */
import { engineGaps } from '../../derive/engine-gaps.ts'
import type { Gap, World } from '../../model/world.ts'
import { nameOf } from './shown.ts'

export type Trouble = {
  /** `netns web`, `links of net:[4026532177]` … Outside text. */
  readonly subject: string
  readonly reason: string
  readonly hint: string | null
}

const memo = new WeakMap<World, readonly Trouble[]>()

/** Unreadable namespaces first; a gap that says the same of the same namespace is not listed twice. */
export function troubleOf(world: World | null): readonly Trouble[] {
  if (world === null) return []
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const trouble = listed(world)
  memo.set(world, trouble)
  return trouble
}

/** `links of web`; `namespaces of 4 processes of other users`, where what and whose say the same word. */
function subjectOf({ what, subject }: Gap): string {
  if (subject === '') return what
  return `${/process/.test(subject) ? what.replace(/ of processes$/, '') : what} of ${subject}`
}

function listed(world: World): readonly Trouble[] {
  const closed: Trouble[] = []
  const told = new Set<string>()
  for (const netns of world.netns) {
    if (netns.readable === true) continue
    const name = nameOf(world, netns.id)
    const reason = netns.readable.unknown
    const gap = world.gaps.find((gap) => gap.subject === name || gap.subject === netns.id)
    for (const subject of [name, netns.id]) told.add(subject)
    closed.push({ subject: `netns ${name}`, reason, hint: gap?.hint ?? null })
  }
  const gaps = world.gaps
    .filter((gap) => !told.has(gap.subject))
    .map((gap) => ({
      subject: subjectOf(gap),
      reason: gap.reason,
      hint: gap.hint,
    }))
  const engines = engineGaps(world).map((gap) => ({
    subject: subjectOf(gap),
    reason: gap.reason,
    hint: gap.hint,
  }))
  return [...closed, ...engines, ...gaps]
}
