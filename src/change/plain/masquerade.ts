/** What comes from a subnet leaves with the address of the link it leaves by. */
import { checkLinkName, networkOf } from '../names.ts'
import type { LabMasquerade } from '../../model/lab.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { World } from '../../model/world.ts'
import { labOf } from '../lab/lab.ts'
import { labSteps } from '../lab/lab-steps.ts'
import { planned, refusal, refused, type PlanContext, type Planned, type Planner } from '../planner.ts'
import { linkCalled, noLink, placeNamed } from './scene.ts'

export const masqueradeAdd: Planner<'masquerade-add'> = (world, intent, context) => {
  const asked = masqueradeOf(world, intent, context)
  if (!asked.ok) return asked
  const lab = labOf(world)
  if (!lab.ok) return lab
  const { masquerade, name } = asked.value
  if (lab.value.masquerades.some((each) => isSame(each, masquerade)))
    return refused(refusal(masquerade.subnet, `${textOf(masquerade)} in ${name} is masqueraded already`))
  const after = { ...lab.value, masquerades: [...lab.value.masquerades, masquerade] }
  const steps = labSteps(world, after, [], context)
  if (!steps.ok) return steps
  return planned({ title: `masquerade ${textOf(masquerade)} in ${name}`, ...steps.value })
}

export const masqueradeRm: Planner<'masquerade-rm'> = (world, intent, context) => {
  const asked = masqueradeOf(world, { ...intent, kind: 'masquerade-add' }, context)
  if (!asked.ok) return asked
  const lab = labOf(world)
  if (!lab.ok) return lab
  const { masquerade, name } = asked.value
  const masquerades = lab.value.masquerades.filter((each) => !isSame(each, masquerade))
  if (masquerades.length === lab.value.masquerades.length) {
    const what = `vethscope does not masquerade ${textOf(masquerade)} in ${name}`
    const there = lab.value.masquerades.filter(({ at }) => at === masquerade.at).map(textOf)
    const hint = there.length === 0 ? 'it masquerades nothing there' : `it does for ${there.join(', ')}`
    return refused({ kind: 'not-found', what, subject: masquerade.subnet, hint })
  }
  const steps = labSteps(world, { ...lab.value, masquerades }, [], context)
  if (!steps.ok) return steps
  return planned({ title: `no longer masquerade ${textOf(masquerade)} in ${name}`, ...steps.value })
}

function masqueradeOf(
  world: World,
  { netns, subnet, out }: IntentOf<'masquerade-add'>,
  context: PlanContext,
): Planned<{ readonly masquerade: LabMasquerade; readonly name: string }> {
  const place = placeNamed(world, netns, context)
  if (!place.ok) return place
  const network = networkOf(subnet)
  if (!network.ok) return network
  const bad = out === undefined ? null : checkLinkName(out)
  if (bad !== null) return refused(bad)
  if (out !== undefined && linkCalled(place.value, out) === null) return refused(noLink(place.value, out))
  return planned({
    masquerade: { at: place.value.spot.at, subnet: network.value.text, out: out ?? null },
    name: place.value.name,
  })
}

function isSame(one: LabMasquerade, other: LabMasquerade): boolean {
  return one.at === other.at && one.subnet === other.subnet && one.out === other.out
}

function textOf({ subnet, out }: LabMasquerade): string {
  return out === null ? subnet : `${subnet} by ${out}`
}
