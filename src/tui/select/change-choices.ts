/** What can be added, changed or deleted at the selected thing: forms, filled as far as it is known. */
import { addressesOf } from '../../derive/netns-index.ts'
import type { Values } from '../changing/form.ts'
import { formCalled, type FormId } from '../changing/forms.ts'
import type { State } from '../state.ts'
import { changeTarget, type ChangeTarget } from './change-target.ts'

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
    title: formCalled(form).title,
    of: known.map(([, value]) => value).join(' '),
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

function added(state: State, { netns, link, network, node }: ChangeTarget): readonly ChangeChoice[] {
  const lab = [choice('net-create'), choice('node-add', { network })]
  const on = network === null && node === null ? [] : [choice('net-connect', { network, node })]
  const port = node === null ? [] : [choice('net-publish', { node })]
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
  return state.screen === 'networks' ? [...lab, ...on, ...port, ...plain] : [...plain, ...lab, ...on, ...port]
}

function edited({ netns, link, node, network }: ChangeTarget): readonly ChangeChoice[] {
  const at = link === null || netns === null ? null : { netns, link: link.name }
  const isUp = link?.flags.includes('UP') === true
  return [
    ...(node === null ? [] : [choice('net-connect', { node }), choice('net-disconnect', { network, node })]),
    ...(node === null ? [] : [choice('net-publish', { node }), choice('net-unpublish', { node })]),
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

function deleted(
  state: State,
  { netns, inside, link, network, node, world }: ChangeTarget,
): readonly ChangeChoice[] {
  const addresses = inside === null || link === null ? [] : addressesOf(inside, link.ifindex)
  const isNamed = inside?.names.some(({ source }) => source === 'named') === true && inside.id !== world.host
  return [
    ...(node === null || network === null ? [] : [choice('net-disconnect', { network, node })]),
    ...(node === null ? [] : [choice('node-rm', { node })]),
    ...(network === null || node !== null ? [] : [choice('net-rm', { network })]),
    ...(netns === null || link === null
      ? []
      : link.kind === 'bridge'
        ? [choice('bridge-rm', { netns, link: link.name })]
        : [choice('link-rm', { netns, link: link.name })]),
    ...addresses.map(({ local, prefixLen }) =>
      choice('addr-rm', { netns, link: link?.name, address: `${local}/${prefixLen}` }),
    ),
    ...(netns === null ? [] : [choice('route-rm', { netns })]),
    ...(isNamed && node === null ? [choice('netns-rm', { netns })] : []),
    ...(state.screen === 'networks' ? [choice('net-prune')] : []),
  ]
}
