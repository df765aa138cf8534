/** Why this host is read again every two seconds instead of on its events (live.ts); null: it is not. */
import type { State } from '../state.ts'

/** How open-reader.ts says that the netlink reader hears nothing. */
const blind = /without events: (.*)$/

export function polledBecause({ options, feed }: State): string | null {
  if (options.mode !== 'live' || feed.world === null) return null
  const { name, why } = feed.world.tool.reader
  if (name === 'ip') return why
  return blind.exec(why)?.[1] ?? null
}
