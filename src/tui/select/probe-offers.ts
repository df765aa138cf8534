/** What the form offers: targets, what was asked before, and while options are typed what may stand there. */
import { offeredTargets, type Pointed, type TargetKind } from '../../derive/probe/targets.ts'
import { parseResolvConf } from '../../derive/probe/resolv-conf.ts'
import { resolverOf } from '../../derive/probe/resolver.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import type { RequestOf } from '../../model/probe.ts'
import type { ProbeRun } from '../probes/probes-state.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { probeAsked, type ProbeAsked } from './probe-asked.ts'
import { saysWhere } from './probe-capture.ts'
import { captureOffers } from './probe-capture-offers.ts'
import { listenOffers } from './probe-listen-offers.ts'
import { verbOf, type FormKind } from './probe-kinds.ts'
import { matrixOffers } from './probe-matrix.ts'
import { formOptions, isVerbatim, optionOf, wantedOf, type FormOption } from './probe-options.ts'
import { netnsOf, shown } from './shown.ts'
import { toolOffers } from './probe-tool-offers.ts'

export type Offer = {
  /** The whole line. */
  readonly text: string
  readonly says: string
  /** `typed`: as it stands there; `wrong`: the same, and it cannot be asked; `option`: there is more to type. */
  readonly kind: 'target' | 'typed' | 'wrong' | 'option'
}

export function offersOf(state: State): readonly Offer[] {
  const { mode } = state
  const { world, ports } = shown(state)
  const netns = mode.type === 'probe-form' ? netnsOf(world, mode.netns) : null
  if (mode.type !== 'probe-form' || world === null || netns === null) return []
  return made(world, netns, mode.kind, mode.input.text, state.probes.runs, ports, pointedText(state))
}

/** What is selected, as text: it is made anew each time that it is asked for. */
function pointedText(state: State): string {
  const about = screenOf(state).about(state)
  const pointed: Pointed = {
    netns: about?.netns ?? null,
    ifindex: about?.ifindex ?? null,
    ends: about?.ends ?? [],
  }
  return JSON.stringify(pointed)
}

const made = memoRecent(
  (
    world: World,
    netns: Netns,
    kind: FormKind,
    typed: string,
    runs: readonly ProbeRun[],
    ports: PortsView | null,
    pointed: string,
  ): readonly Offer[] => {
    const text = typed.trimStart()
    const all = (): readonly Offer[] => withUsed(kind, netns, runs, base(world, netns, kind, ports, pointed))
    if (text === '') return all()
    const asked = probeAsked(world, kind, netns, text)
    const own = typedOffer(text, asked)
    const last = /\S*$/.exec(text)?.[0] ?? ''
    const before = text.slice(0, text.length - last.length)
    const options = isVerbatim(kind) ? null : optionOffers(world, netns, kind, before, last)
    if (options !== null) return [own, ...options]
    if (kind === 'capture') {
      const where: Pointed = JSON.parse(pointed)
      const offers = captureOffers(world, netns, where, text)
      // A filter alone does not say where.
      const [first = ''] = text.split(/\s/)
      const isWhole = own.kind === 'wrong' || first === '--way' || saysWhere(netns, first)
      return isWhole || offers.length === 0 ? [own, ...offers] : offers
    }
    if (kind === 'tool') return matching(all(), text.trim(), own, asked)
    if (before !== '') return [own, ...allOptions(kind, text)]
    return matching(all(), text.trim(), own, asked)
  },
)

function base(
  world: World,
  netns: Netns,
  kind: FormKind,
  ports: PortsView | null,
  pointed: string,
): readonly (Offer & { readonly isPointed: boolean })[] {
  const where: Pointed = JSON.parse(pointed)
  const told = (() => {
    switch (kind) {
      case 'capture':
        return captureOffers(world, netns, where, '')
      case 'listen':
        return listenOffers(world, netns)
      case 'matrix':
        return matrixOffers(world, where)
      case 'tool':
        return toolOffers(world, netns)
      default:
        return targets(world, netns, kind, ports, pointed).map(({ isBeginning, ...each }) =>
          isBeginning === true ? { ...each, kind: 'option' as const } : each,
        )
    }
  })()
  return told.map((each) => ({ isPointed: false, kind: 'target', ...each }))
}

const targets = memoRecent(
  (world: World, netns: Netns, kind: TargetKind, ports: PortsView | null, pointed: string) =>
    offeredTargets(world, netns, kind, JSON.parse(pointed), ports),
)

/** How many of those that were asked before stand in front. */
const mostUsed = 4

/** What was asked from here stands before all else that is not selected. */
function withUsed(
  kind: FormKind,
  netns: Netns,
  runs: readonly ProbeRun[],
  all: readonly (Offer & { readonly isPointed: boolean })[],
): readonly Offer[] {
  const texts = runs
    .filter(({ from, request }) => from.id === netns.id && request.kind === kind)
    .map(({ what }) => what.slice(verbOf(kind).length + 1))
  const used = [...new Set(texts)].slice(0, mostUsed).map((text): Offer => {
    const known = all.find((each) => each.text === text)
    return { text, says: `${known === undefined ? '' : `${known.says}, `}asked before`, kind: 'target' }
  })
  const pointed = all.filter(({ isPointed }) => isPointed)
  const list = [...pointed, ...used, ...all.filter(({ isPointed }) => !isPointed)]
  return list.filter(({ text }, at) => list.findIndex((each) => each.text === text) === at)
}

/** What was typed, and what it means or why it means nothing. */
function typedOffer(text: string, asked: ProbeAsked): Offer {
  const plain = text.trim()
  if (asked.kind === 'wrong') return { text: plain, says: asked.why, kind: 'wrong' }
  return { text: plain, says: meaningOf(asked), kind: 'typed' }
}

function meaningOf({ request }: Extract<ProbeAsked, { readonly kind: 'ready' }>): string {
  if (request.kind === 'dns') {
    const servers = parseResolvConf(request.resolver.resolvConf).servers.map(({ text }) => text)
    return `asked of ${request.server ?? servers.join(', ')}`
  }
  if (request.kind === 'http') return meaningOfUrl(request)
  if (!('target' in request)) return ''
  const { target } = request
  if (!('address' in target)) return 'a name: resolved in there'
  return target.from === null ? '' : `${target.address}  ${target.from}`
}

function meaningOfUrl({ url, known }: RequestOf<'http'>): string {
  const [target] = Object.values(known)
  return target === undefined ? url : `${url}  ${target.address}`
}

/**
 * The offers that hold what was typed. One that begins with it is meant rather than a name that nothing here has; what is
 * known, an address, or a name with its domain is meant as it stands there.
 */
function matching(all: readonly Offer[], text: string, own: Offer, asked: ProbeAsked): readonly Offer[] {
  const lower = text.toLowerCase()
  const others = all.filter((each) => each.text !== text)
  const begins = others.filter((each) =>
    each.text
      .replace(/^https?:\/\//, '')
      .toLowerCase()
      .startsWith(lower),
  )
  const holds = others.filter(
    (each) => !begins.includes(each) && `${each.text} ${each.says}`.toLowerCase().includes(lower),
  )
  const isVague =
    own.kind === 'wrong' || (!text.includes('.') && asked.kind === 'ready' && isUnknownName(asked))
  return isVague && begins.length > 0 ? [...begins, own, ...holds] : [own, ...begins, ...holds]
}

function isUnknownName({ request }: Extract<ProbeAsked, { readonly kind: 'ready' }>): boolean {
  if (request.kind === 'http') return Object.keys(request.known).length === 0
  if (request.kind === 'dns') return true
  return 'target' in request && !('address' in request.target)
}

/** Of the option that is being typed, or of its value; null: neither. */
function optionOffers(
  world: World,
  netns: Netns,
  kind: FormKind,
  before: string,
  last: string,
): readonly Offer[] | null {
  const option = optionOf(kind, /\S+(?=\s+$)/.exec(before)?.[0] ?? '')
  if (option !== null && option.value !== null) return valueOffers(world, netns, option, before, last)
  if (!last.startsWith('-')) return null
  return formOptions[kind]
    .filter(({ name }) => `--${name}`.startsWith(last) && `--${name}` !== last)
    .map((each) => optionOffer(each, before))
}

function allOptions(kind: FormKind, text: string): readonly Offer[] {
  if (!/\s$/.test(text)) return []
  return formOptions[kind]
    .filter(({ name }) => !text.includes(` --${name}`))
    .map((each) => optionOffer(each, text))
}

function optionOffer({ name, value, says }: FormOption, before: string): Offer {
  const wanted = value?.type === 'choice' ? `${says}: ${wantedOf(value)}` : says
  return { text: `${before}--${name}${value === null ? '' : ' '}`, says: wanted, kind: 'option' }
}

function valueOffers(
  world: World,
  netns: Netns,
  { name, value }: FormOption,
  before: string,
  last: string,
): readonly Offer[] {
  const values = (() => {
    if (value?.type === 'choice') return value.choices
    if (name === 'server')
      return parseResolvConf(resolverOf(world, netns).resolvConf).servers.map(({ text }) => text)
    return name === 'link' ? listOf(netns.links).map((link) => link.name) : []
  })()
  return values
    .filter((each) => each.toLowerCase().startsWith(last.toLowerCase()) && each !== last)
    .map((each) => ({ text: `${before}${each}`, says: '', kind: 'option' }))
}
