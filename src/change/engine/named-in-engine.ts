/** What a user calls a network or a container of an engine, by name, id, or the beginning of the id. */
import type { Failure } from '../../lib/failure.ts'
import { nearest } from '../../lib/nearest.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, EngineNetwork } from '../../model/engine.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import { whyNotByName } from './askable-name.ts'
import type { AskedEngine } from './engine-of.ts'

/** Requests name it by its name, so one that another has too cannot be meant. */
export function networkNamed({ kind, networks, title }: AskedEngine, text: string): Planned<EngineNetwork> {
  const found = matching(networks, text)
  const [first] = found
  if (first === undefined) return refused(missing(text, `${title} network`, networks))
  const same = networks.filter(({ name }) => name === first.name)
  if (found.length > 1 || same.length > 1) return refused(several(text, 'network', found, same))
  const wrong = unaskable('network', networks, first, (id) => `${kind} network rm ${id} removes it`)
  return wrong === null ? planned(first) : refused(wrong)
}

export function containerNamed(asked: AskedEngine, text: string): Planned<Container> {
  const { containers, title } = asked
  const found = matching(containers, text)
  const [first] = found
  if (first === undefined) return refused(missing(text, `${title} container`, containers))
  if (found.length > 1) return refused(several(text, 'container', found, []))
  const wrong = unaskableContainer(asked, first)
  return wrong === null ? planned(first) : refused(wrong)
}

/** Of one that is named by others than the user, too: a member of a network that is removed. */
export function unaskableContainer({ kind, containers }: AskedEngine, container: Named): Failure | null {
  return unaskable('container', containers, container, (id) => `${kind} rename ${id} NAME gives it another`)
}

function unaskable(
  what: string,
  all: readonly Named[],
  thing: Named,
  hint: (id: string) => string,
): Failure | null {
  const why = whyNotByName(thing, what, all)
  if (why === null) return null
  const shown = sanitise(thing.name)
  return refusal(
    shown,
    `${what} "${shown}" cannot be asked for by its name: ${why}`,
    hint(sanitise(thing.id.slice(0, shortId))),
  )
}

/** As much of an id as engines show, and take for the whole. */
const shortId = 12

type Named = { readonly id: string; readonly name: string }

/** In the order in which Docker looks: the whole id, the name, the beginning of an id. */
function matching<T extends Named>(all: readonly T[], text: string): readonly T[] {
  const byId = all.filter(({ id }) => id === text)
  if (byId.length > 0) return byId
  const byName = all.filter(({ name }) => name === text)
  return byName.length > 0 || text === '' ? byName : all.filter(({ id }) => id.startsWith(text))
}

function missing(text: string, what: string, all: readonly Named[]): Failure {
  const near = nearest(
    text,
    all.map(({ name }) => name),
  )
  const names = all.map(({ name }) => sanitise(name)).join(', ')
  const there = names === '' ? null : `there are ${names}`
  const hint = near === null ? (all.length <= 20 ? there : null) : `did you mean ${sanitise(near)}?`
  return {
    kind: 'not-found',
    what: `there is no ${what} "${sanitise(text)}"`,
    subject: sanitise(text),
    ...(hint === null ? {} : { hint }),
  }
}

function several(text: string, what: string, found: readonly Named[], same: readonly Named[]): Failure {
  const all = found.length > 1 ? found : same
  const list = all.map(({ name, id }) => `${sanitise(name)} (${id.slice(0, 12)})`).join(' or ')
  const shown = sanitise(text)
  return {
    kind: 'ambiguous',
    what:
      found.length > 1
        ? `${what} "${shown}" could be ${list}`
        : `${all.length} ${what}s are called ${sanitise(all[0]?.name ?? text)}: ${list}`,
    subject: shown,
    hint: found.length > 1 ? 'say more of its id' : 'docker network rm ID removes one of them',
  }
}
