/** What `exec` and `shell` do: find the namespace, and ask to become a program in it. */
import { placeOf } from '../derive/probe/place.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { Deps } from './command.ts'
import type { Result } from './result.ts'

export async function enterNetns(
  { source }: Deps,
  text: string,
  argv: readonly string[],
): Promise<Outcome<Result>> {
  if (source.kind === 'file') {
    return failed({
      kind: 'usage',
      what: `nothing can be run inside a snapshot: ${source.file ?? ''}`,
      subject: source.file ?? '',
      hint: 'leave --from out: programs run on a live host',
    })
  }
  const read = await source.readWorld({ details: false })
  if (!read.ok) return read
  const netns = resolveNetns(read.value, text)
  if (!netns.ok) return netns
  const place = placeOf(read.value, netns.value)
  return place.ok ? succeeded({ kind: 'become', place: place.value, argv }) : place
}
