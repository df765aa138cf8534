/** What can be added, changed or deleted at the selected thing: forms, filled as far as it is known. */
import { addressesOf } from '../../derive/netns-index.ts'
import { titleOf, type Values } from '../changing/form.ts'
import { formCalled, type FormId } from '../changing/forms.ts'
import type { State } from '../state.ts'
import { changeTarget, type Changed, type ChangeTarget } from './change-target.ts'
import { whyNotConnected, whyNotRemoved } from './why-not.ts'

export type ChangeKind = 'add' | 'edit' | 'delete'
export type ChangeChoice = {
  readonly form: FormId
  readonly values: Values
  /** `give a link an address`, and of what. */
  readonly title: string
  readonly of: string
}

function choice(
  form: FormId,
  values: Readonly<Record<string, string | null | undefined>> = {},
): ChangeChoice {
  const known = Object.entries(values).flatMap(([id, value]) =>
    value === null || value === undefined ? [] : [[id, value] as const],
  )
  return {
    form,
    values: Object.fromEntries(known),
    title: titleOf(formCalled(form), Object.fromEntries(known)),
    of: known
      .filter(([id, value]) => id !== 'socket' && !(id === 'engine' && value === 'lab'))
      .map(([, value]) => value)
      .join(' '),
  }
}

/** The usual first. */
export function changeChoices(state: State, kind: ChangeKind): readonly ChangeChoice[] {
  const target = changeTarget(state)
  if (target === null) return []
  if (kind === 'add') return added(state, target)
  if (kind === 'edit') return edited(target)
  // What another engine made it also takes away.
  return target.foreign === null ? deleted(state, target) : []
}

const labNode = (changed: Changed | null): string | null => (changed?.engine === 'lab' ? changed.node : null)
const isEngines = (changed: Changed | null): changed is Changed =>
  changed !== null && changed.engine !== 'lab'

function connection(changed: Changed): readonly ChangeChoice[] {
  return whyNotConnected(changed) === true
    ? [choice('net-connect', { ...changed.values, network: changed.network?.name, node: changed.node })]
    : []
}

function added(state: State, { netns, link, changed }: ChangeTarget): readonly ChangeChoice[] {
  const network = changed?.engine === 'lab' ? changed.network?.name : null
  const node = labNode(changed)
  const lab = [choice('net-create'), choice('node-add', { network })]
  const on = changed === null ? [] : connection(changed)
  const port = node === null ? [] : [choice('net-publish', { node })]
  const file = [choice('net-apply'), choice('example')]
  const plain = [
    ...(link === null || netns === null ? [] : [choice('addr-add', { netns, link: link.name })]),
    ...(link?.kind === 'bridge' && netns !== null
      ? [choice('link-attach', { netns, bridge: link.name })]
      : []),
    choice('veth-add', { netns: netns ?? 'host' }),
    choice('bridge-add', { netns: netns ?? 'host' }),
    choice('netns-add'),
    choice('route-add', { netns }),
    choice('masquerade-add', { netns: netns ?? 'host' }),
  ]
  return state.screen === 'networks'
    ? [...lab, ...on, ...port, ...file, ...plain]
    : [...plain, ...lab, ...on, ...port, ...file]
}

function edited({ netns, link, changed }: ChangeTarget): readonly ChangeChoice[] {
  const at = link === null || netns === null ? null : { netns, link: link.name }
  const isUp = link?.flags.includes('UP') === true
  const node = changed?.node ?? null
  const lab = labNode(changed)
  return [
    ...(isEngines(changed) && node === null ? connection(changed) : []),
    ...(changed === null || node === null
      ? []
      : [
          choice('net-connect', { ...changed.values, node }),
          choice('net-disconnect', { ...changed.values, network: changed.network?.name, node }),
        ]),
    ...(lab === null ? [] : [choice('net-publish', { node: lab }), choice('net-unpublish', { node: lab })]),
    ...(at === null
      ? []
      : [
          choice(isUp ? 'link-down' : 'link-up', at),
          ...(link?.master === null
            ? link.kind === 'bridge'
              ? []
              : [choice('link-attach', at)]
            : [choice('link-detach', at)]),
          choice('link-mtu', at),
          choice('link-rename', at),
          choice('link-move', at),
        ]),
    ...(netns === null ? [] : [choice('sysctl-set', { netns })]),
  ]
}

function deleted(state: State, target: ChangeTarget): readonly ChangeChoice[] {
  const { netns, inside, link, changed, world } = target
  const addresses = inside === null || link === null ? [] : addressesOf(inside, link.ifindex)
  const isNamed = inside?.names.some(({ source }) => source === 'named') === true && inside.id !== world.host
  const own = changed === null ? [] : ended(changed)
  // On screen 5 a network is selected, and not the link that its engine made for it.
  if (state.screen === 'networks' && isEngines(changed))
    return own.length === 0 ? [] : [...own, choice('net-prune', changed.values)]
  return [
    ...own,
    ...(netns === null || link === null
      ? []
      : link.kind === 'bridge'
        ? [choice('bridge-rm', { netns, link: link.name })]
        : [choice('link-rm', { netns, link: link.name })]),
    ...addresses.map(({ local, prefixLen }) =>
      choice('addr-rm', { netns, link: link?.name, address: `${local}/${prefixLen}` }),
    ),
    ...(netns === null ? [] : [choice('route-rm', { netns })]),
    ...(isNamed && (changed?.node ?? null) === null ? [choice('netns-rm', { netns })] : []),
    ...(state.screen === 'networks' ? [choice('net-prune')] : []),
  ]
}

/** Of a member: it goes off the network, and a node altogether. */
function ended(changed: Changed): readonly ChangeChoice[] {
  const { engine, values, network, node } = changed
  if (node === null)
    return network === null || whyNotRemoved(changed) !== true
      ? []
      : [choice('net-rm', { ...values, network: network.name })]
  return [
    ...(network === null ? [] : [choice('net-disconnect', { ...values, network: network.name, node })]),
    ...(engine === 'lab' ? [choice('node-rm', { node })] : []),
  ]
}
