/** `:ping nginx1 redis123`: a probe that is typed as a command becomes one of screen 6. */
import { resolveNetns } from '../../derive/resolve-netns.ts'
import { quoted } from '../../lib/quoted.ts'
import { wordsOf } from '../../lib/words.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { probeAsked } from '../select/probe-asked.ts'
import { formOptions, isVerbatim, optionOf } from '../select/probe-options.ts'
import { verbOf, type FormKind } from '../select/probe-kinds.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { mayChange } from './probe-form.ts'
import { probeStarted } from './probes.ts'
import { saying, type Step } from './step.ts'

/** null: it is no probe, or has options that only the command knows (a file, `--json`). */
export function probeLine(state: State, line: string): Step | null {
  const [verb = '', ...words] = wordsOf(line) ?? []
  const { world } = shown(state)
  const kind = kindOf(verb)
  if (kind === 'tool' && state.options.readonly) return [saying(state, 'refused', mayChange)]
  if (kind === null || words.length === 0 || world === null || state.options.mode === 'replay') return null
  if (
    !isVerbatim(kind) &&
    words.some((word) => word.startsWith('-') && optionOf(kind, word.split('=')[0] ?? '') === null)
  )
    return null
  const from = startOf(world, kind, words)
  if (typeof from === 'string') return [saying(state, 'refused', from)]
  // `exec NETNS -- CMD`, as the command has it.
  const rest = isVerbatim(kind) && from.rest[0] === '--' ? from.rest.slice(1) : from.rest
  const asked = probeAsked(world, kind, from.netns, rest.map(quoted).join(' '))
  return asked.kind === 'ready'
    ? probeStarted(state, asked.request, asked.what)
    : [saying(state, 'refused', `${verb}: ${asked.why}`)]
}

function kindOf(verb: string): FormKind | null {
  if (verb === verbOf('tool')) return 'tool'
  // `listen` is an option of tcp and udp there.
  const kinds = Object.keys(formOptions) as readonly FormKind[]
  return kinds.find((kind) => kind === verb && kind !== 'listen' && kind !== 'tool') ?? null
}

/** The first word is the namespace, but for a matrix, which is the host's. */
function startOf(
  world: World,
  kind: FormKind,
  words: readonly string[],
): { readonly netns: Netns; readonly rest: readonly string[] } | string {
  if (kind === 'matrix') {
    const host = world.netns.find(({ id }) => id === world.host)
    return host === undefined ? 'the host could not be read' : { netns: host, rest: words }
  }
  const [first = '', ...rest] = words
  const found = resolveNetns(world, first)
  if (found.ok) return { netns: found.value, rest }
  const { what, hint } = found.failure
  return hint === undefined ? what : `${what}; ${hint}`
}
