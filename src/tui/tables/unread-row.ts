import type { NetnsId } from '../../model/ids.ts'
import type { UnreadPorts } from '../../model/ports-view.ts'

/** Stands for all of a namespace that could not be read. */
export type UnreadRow = {
  readonly kind: 'unread'
  readonly key: string
  readonly netns: NetnsId
  readonly netnsName: string
  readonly why: string
}

export function unreadRows(
  unread: readonly UnreadPorts[],
  nameOf: (id: NetnsId) => string,
): readonly UnreadRow[] {
  return unread.map(({ netns, unknown }) => ({
    kind: 'unread',
    key: `unread ${netns}`,
    netns,
    netnsName: nameOf(netns),
    why: unknown,
  }))
}
