/** A link moved to another namespace. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Link } from '../../model/link.ts'
import type { Step } from '../../model/plan.ts'
import { kindOf } from '../check/seen.ts'
import { checkLinkName } from '../names.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { intoNetns } from '../restore/into-netns.ts'
import { restoreAfterMove } from '../restore/restore-link.ts'
import { inOrder } from '../restore/undo.ts'
import {
  called,
  linkFact,
  nameTaken,
  noLinkFact,
  ofLab,
  placeNamed,
  siteNamed,
  touchLink,
  unlessAny,
} from './scene.ts'

/** It arrives down and bare: what belongs to a namespace (addresses, routes, master, settings) stays behind. */
export const linkMove: Planner<'link-move'> = (world, { netns, link, to, name }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const target = placeNamed(world, to, context)
  if (!target.ok) return target
  const { spot, link: now, netns: from } = site.value
  if (target.value.netns.id === from.id)
    return refused(refusal(link, `${called(site.value)} is there already`))
  const stays = whyItStays(now)
  if (stays !== null) return refused(refusal(link, `${called(site.value)} cannot be moved: ${stays}`))
  const free = ofLab(world, site.value)
  if (!free.ok) return free
  const there = intoNetns(world, target.value.netns, target.value.spot)
  if (!there.ok) return there
  const back = intoNetns(world, from, spot)
  if (!back.ok) return back
  const arrives = name ?? link
  const altName = now.altNames.map((each) => nameTaken(target.value, each)).find((each) => each !== null)
  const bad = name === undefined || name === link ? null : checkLinkName(name)
  return unlessAny([bad ?? nameTaken(target.value, arrives), altName ?? null], () => {
    const after = { ...target.value, link: { ...now, name: arrives } }
    const go = spot.ip('link', 'set', 'dev', link, 'netns', there.value.text, ...renamed(link, arrives))
    const come = after.spot.ip(
      'link',
      'set',
      'dev',
      arrives,
      'netns',
      back.value.text,
      ...renamed(arrives, link),
    )
    const entering = [...(go.enters ?? []), ...there.value.enters]
    const returning = [...(come.enters ?? []), ...back.value.enters]
    const step: Step = {
      title: `move ${called(site.value)} to ${target.value.name}${arrives === link ? '' : ` as ${arrives}`}`,
      command: { ...go, ...(entering.length === 0 ? {} : { enters: entering }) },
      undo: inOrder(
        [{ ...come, ...(returning.length === 0 ? {} : { enters: returning }) }],
        restoreAfterMove(site.value),
      ),
      after: [linkFact(after, { kind: kindOf(now) }), noLinkFact(spot.at, link)],
      before: [linkFact(site.value, { kind: kindOf(now) }), noLinkFact(after.spot.at, arrives)],
      touches: [touchLink(site.value, 'delete', 'move'), touchLink(after, 'add', 'move')],
    }
    const notes = [`${sanitise(arrives)} is down in ${target.value.name} and has no addresses there`]
    return planned({ title: step.title, steps: [step], notes })
  })
}

/** In the same message: it never has a name there that something else could have. */
function renamed(name: string, next: string): readonly string[] {
  return name === next ? [] : ['name', next]
}

/** `netns_immutable` of the kernel's struct net_device. */
function whyItStays({ kind }: Link): string | null {
  if (kind === 'loopback') return 'each namespace has its own'
  if (kind === 'bridge' || kind === 'vrf' || kind === 'bond')
    return `a ${kind} stays in the namespace that it was made in`
  return null
}
