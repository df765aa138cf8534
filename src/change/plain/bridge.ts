/** A bridge, made and removed. */
import { labMark } from '../../model/lab-words.ts'
import type { Step } from '../../model/plan.ts'
import { madeMac } from '../made-mac.ts'
import { checkLinkName, checkMtu } from '../names.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { deletion } from './link-rm.ts'
import { markStep } from './mark-step.ts'
import { called, nameTaken, noLinkFact, placeNamed, siteNamed, unlessAny } from './scene.ts'

export const bridgeAdd: Planner<'bridge-add'> = (world, { netns, link, mtu, up }, context) => {
  const place = placeNamed(world, netns, context)
  if (!place.ok) return place
  const { spot, name } = place.value
  const reasons = [
    checkLinkName(link) ?? nameTaken(place.value, link),
    mtu === undefined ? null : checkMtu(mtu),
  ]
  return unlessAny(reasons, () => {
    // One of its own: without, it would take that of its lowest port, and udev might give it another.
    const mac = madeMac(`${world.host} ${spot.at} ${link} ${context.now}`)
    const title = `make bridge ${link} in ${name}`
    const made: Step = {
      title,
      command: spot.ip(
        'link',
        'add',
        'name',
        link,
        'address',
        mac,
        ...(mtu === undefined ? [] : ['mtu', String(mtu)]),
        'type',
        'bridge',
        'stp_state',
        '0',
      ),
      undo: [spot.ip('link', 'delete', 'dev', link)],
      after: [
        {
          kind: 'link',
          at: spot.at,
          name: link,
          there: true,
          is: { kind: 'bridge', lladdr: mac, ...(mtu === undefined ? {} : { mtu }) },
        },
      ],
      before: [noLinkFact(spot.at, link)],
      touches: [{ path: [spot.at, `link:${link}`], how: 'add' }],
    }
    return planned({ title, steps: [made, markStep(place.value, link, labMark, up)], notes: [] })
  })
}

export const bridgeRm: Planner<'bridge-rm'> = (world, { netns, link }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  return site.value.link.kind === 'bridge'
    ? deletion(world, site.value, context)
    : refused(refusal(link, `${called(site.value)} is no bridge (${site.value.link.kind})`))
}
