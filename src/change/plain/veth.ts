/** A veth pair: both ends are born where they belong, under their final names, in one message. */
import { sanitise } from '../../lib/sanitise.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Step } from '../../model/plan.ts'
import { checkLinkName, checkMac, checkMtu } from '../names.ts'
import { planned, refusal, type Planner } from '../planner.ts'
import { intoNetns } from '../restore/into-netns.ts'
import { markStep } from './mark-step.ts'
import { nameTaken, noLinkFact, placeNamed, unlessAny, type NamedPlace } from './scene.ts'

type End = { readonly place: NamedPlace; readonly link: string; readonly mac: string | null }

export const vethAdd: Planner<'veth-add'> = (world, intent, context) => {
  const first = placeNamed(world, intent.netns, context)
  if (!first.ok) return first
  const second = placeNamed(world, intent.peerNetns, context)
  if (!second.ok) return second
  const one: End = { place: first.value, link: intent.link, mac: intent.mac ?? null }
  const other: End = { place: second.value, link: intent.peerLink, mac: null }
  const isApart = first.value.netns.id !== second.value.netns.id
  const twice =
    !isApart && one.link === other.link
      ? refusal(one.link, `both ends would be called ${sanitise(one.link)} in ${first.value.name}`)
      : null
  const mtu = intent.mtu ?? null
  const reasons = [
    checkLinkName(one.link) ?? nameTaken(one.place, one.link),
    checkLinkName(other.link) ?? nameTaken(other.place, other.link),
    twice,
    mtu === null ? null : checkMtu(mtu),
    one.mac === null ? null : checkMac(one.mac),
  ]
  return unlessAny(reasons, () => {
    // From the host's side, where it has one: no file leads to the host's namespace from another.
    const [here, there] = second.value.spot.at === 'host' ? [other, one] : [one, other]
    const into = isApart ? intoNetns(world, there.place.netns, there.place.spot) : null
    if (into !== null && !into.ok) return into
    const data = (end: End): readonly string[] => [
      end.link,
      ...(end.mac === null ? [] : ['address', end.mac.toLowerCase()]),
      ...(mtu === null ? [] : ['mtu', String(mtu)]),
    ]
    const command = here.place.spot.ip(
      'link',
      'add',
      // ip takes a link called `a` for the beginning of `address`.
      'name',
      ...data(here),
      'type',
      'veth',
      'peer',
      'name',
      ...data(there),
      ...(into === null ? [] : ['netns', into.value.text]),
    )
    const enters = [...(command.enters ?? []), ...(into?.value.enters ?? [])]
    const ends = [one, other]
    const title = `make veth pair ${one.link} in ${one.place.name} ⇄ ${other.link} in ${other.place.name}`
    const made: Step = {
      title,
      command: { ...command, ...(enters.length === 0 ? {} : { enters }) },
      // The other end goes with it.
      undo: [here.place.spot.ip('link', 'delete', 'dev', here.link)],
      after: ends.map(({ place, link, mac }) => ({
        kind: 'link',
        at: place.spot.at,
        name: link,
        there: true,
        is: {
          kind: 'veth',
          ...(mtu === null ? {} : { mtu }),
          ...(mac === null ? {} : { lladdr: mac.toLowerCase() }),
        },
      })),
      before: ends.map(({ place, link }) => noLinkFact(place.spot.at, link)),
      touches: ends.map(({ place, link }) => ({ path: [place.spot.at, `link:${link}`], how: 'add' })),
    }
    const marks = ends.map(({ place, link }) => markStep(place, link, labMark, intent.up))
    return planned({ title, steps: [made, ...marks], notes: [] })
  })
}
