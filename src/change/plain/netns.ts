/** A named namespace, made and removed. */
import { indexOf } from '../../derive/netns-index.ts'
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { labMark } from '../../model/lab-words.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atNamed, namedSpot } from '../at.ts'
import { labOf } from '../lab/lab.ts'
import { checkNetnsName } from '../names.ts'
import { planned, refusal, refused, type PlanContext, type Planned, type Planner } from '../planner.ts'
import { isOfItself, linksLost } from '../restore/links-lost.ts'
import { restoreNetns } from '../restore/restore-netns.ts'
import type { Site } from '../restore/site.ts'
import { withoutLinks } from '../restore/without-links.ts'
import type { Undo } from '../restore/undo.ts'
import { deletionStep } from './link-rm.ts'
import { placeNamed, unlessAny, type NamedPlace } from './scene.ts'

/** Its `lo` is set up too: without it nothing in there reaches its own addresses. */
export const netnsAdd: Planner<'netns-add'> = (world, { name }, context) => {
  const taken = world.netns.find(({ names }) => names.some(({ path }) => path === atNamed(name)))
  const there = taken === undefined ? null : refusal(name, `netns ${name} exists already (ino:${taken.id})`)
  return unlessAny([checkNetnsName(name), there], () => {
    const spot = namedSpot(name, context)
    const made: Step = {
      title: `make netns ${name}`,
      command: { argv: ['ip', 'netns', 'add', name] },
      undo: [{ argv: ['ip', 'netns', 'delete', name] }],
      after: [{ kind: 'netns', name, there: true }],
      before: [{ kind: 'netns', name, there: false }],
      touches: [{ path: [spot.at], how: 'add' }],
    }
    const lo: Fact = { kind: 'link', at: spot.at, name: 'lo', there: true }
    const up: Step = {
      title: `set lo in ${name} up`,
      command: spot.ip('link', 'set', 'dev', 'lo', 'up'),
      undo: [spot.ip('link', 'set', 'dev', 'lo', 'down')],
      after: [{ ...lo, is: { up: true } }],
      before: [{ ...lo, is: { up: false } }],
      touches: [{ path: [spot.at, 'link:lo'], how: 'change', what: 'up' }],
    }
    return planned({ title: `make netns ${name}`, steps: [made, up], notes: [] })
  })
}

/** What lives in there must be gone; links with our mark go with it and come back with it. */
export const netnsRm: Planner<'netns-rm'> = (world, { name: text }, context) => {
  const place = placeNamed(world, text, context)
  if (!place.ok) return place
  const lab = labOf(world)
  if (!lab.ok) return lab
  const { netns, name } = place.value
  const paths = netns.names.flatMap(({ path }) =>
    path !== null && path.startsWith(atNamed('')) ? [path.slice(atNamed('').length)] : [],
  )
  const file = paths.includes(text) ? text : paths[0]
  if (netns.id === world.host && file === undefined)
    return refused(refusal(name, `netns ${name} is the host's own: it ends with the host`))
  if (file === undefined) {
    const what = `netns ${name} has no name in /run/netns: it ends when nothing uses it any more`
    return refused(refusal(name, what))
  }
  const node = lab.value.nodes.find((each) => each.name === file)
  const isNode =
    node === undefined
      ? null
      : refusal(file, `netns ${file} is a node of the lab`, `vethscope node rm ${file} takes it away`)
  const others = paths.filter((each) => each !== file)
  if (others[0] !== undefined || netns.id === world.host)
    return unlessAny([isNode], () => planned(unbound(file, others[0] ?? null, place.value, context.hostPath)))
  return unlessAny([isNode, ...whatLives(place.value, world)], () => {
    const emptied = linkSteps(world, place.value, context)
    if (!emptied.ok) return emptied
    const { steps, left, outside } = emptied.value
    const empty = left.netns.find(({ id }) => id === netns.id) ?? netns
    const step: Step = {
      title: `delete netns ${file}`,
      command: { argv: ['ip', 'netns', 'delete', file] },
      undo: restoreNetns(left, empty, file, context),
      after: [{ kind: 'netns', name: file, there: false }],
      before: [{ kind: 'netns', name: file, there: true }],
      touches: [{ path: [place.value.spot.at], how: 'delete' }],
    }
    const notes = outside.map(
      ({ link }) => `${sanitise(link.name)} goes with it: its other end is in ${file}`,
    )
    return planned({ title: step.title, steps: [...steps, step], notes })
  })
}

type Emptied = {
  readonly steps: readonly Step[]
  /** The World after them. */
  readonly left: World
  /** What goes elsewhere. */
  readonly outside: readonly Site[]
}

/** One by one, before the namespace: the kernel takes that down some time after its last name, and links with it, when nobody waits any more. */
function linkSteps(world: World, place: NamedPlace, context: PlanContext): Planned<Emptied> {
  const steps: Step[] = []
  const outside: Site[] = []
  let left = world
  for (const link of linksThatDie(place)) {
    const netns = left.netns.find(({ id }) => id === place.netns.id) ?? place.netns
    // It went with another one.
    if (!indexOf(netns).links.has(link.ifindex)) continue
    const lost = linksLost(left, [{ netns, link }], context)
    if (!lost.ok) return lost
    const sites = lost.value.map(({ site }) => site)
    steps.push(deletionStep(left, { ...place, netns, link }, lost.value))
    outside.push(...sites.filter((site) => site.netns.id !== netns.id))
    left = withoutLinks(left, sites)
  }
  return planned({ steps, left, outside })
}

/** It is called something else too: only the name goes. */
function unbound(
  file: string,
  other: string | null,
  { netns, spot }: NamedPlace,
  hostPath: string | null,
): { readonly title: string; readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const source = other === null ? (hostPath ?? '/proc/self/ns/net') : atNamed(other)
  const undo: Undo = [
    { argv: ['touch', atNamed(file)] },
    { argv: ['mount', '--bind', source, atNamed(file)], enters: [{ path: source, id: String(netns.id) }] },
  ]
  const step: Step = {
    title: `take the name ${file} away`,
    command: { argv: ['ip', 'netns', 'delete', file] },
    undo,
    after: [{ kind: 'netns', name: file, there: false }],
    before: [{ kind: 'netns', name: file, there: true }],
    touches: [
      { path: [atNamed(file)], how: 'delete' },
      { path: [spot.at], how: 'use' },
    ],
  }
  return {
    title: step.title,
    steps: [step],
    notes: [`the namespace itself stays: it is ${other === null ? 'the host' : `also called ${other}`}`],
  }
}

function linksThatDie({ netns }: NamedPlace): readonly Link[] {
  return [...indexOf(netns).links.values()].filter((link) => !isOfItself(link))
}

function whatLives(place: NamedPlace, world: World): readonly Failure[] {
  const { netns, name } = place
  const { processes } = netns.holders
  const titles = new Map(listOf(world.processes).map((each) => [each.pid, each.comm]))
  const shown = processes.slice(0, 5).map((pid) => {
    const title = titles.get(pid)
    return title === undefined ? String(pid) : `${sanitise(title)} (pid ${pid})`
  })
  const foreign = linksThatDie(place).filter(({ alias }) => alias?.startsWith(labMark) !== true)
  return [
    ...(processes.length > 0
      ? [
          refusal(
            name,
            `processes run in netns ${name}: ${shown.join(', ')}${processes.length > 5 ? ', …' : ''}`,
            'end them first',
          ),
        ]
      : []),
    ...(foreign.length > 0
      ? [
          refusal(
            name,
            `links that vethscope did not make are in netns ${name} and would go with it: ${foreign.map((link) => sanitise(link.name)).join(', ')}`,
            'remove them first, or move them elsewhere',
          ),
        ]
      : []),
  ]
}
