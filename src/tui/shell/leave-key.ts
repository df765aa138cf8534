/** The key that leaves a shell has to be one byte, so that it is found among all that goes to the shell. */
import type { UserKeys } from '../keymap.ts'
import type { Key } from '../msg.ts'
import { controlByte } from './key-bytes.ts'

/** telnet's, and one that shells and editors leave alone. */
const usual: Key = 'C-]'

/** `chosen`: the config's `leaveKey`. Among the user's keys the one that leaves is the first of its action. */
export function withLeaveKey(
  keys: UserKeys | undefined,
  chosen: Key | undefined,
): { readonly keys: UserKeys | undefined; readonly leave: Key } {
  const named = keys?.['shell-leave']
  const leave = chosen ?? named?.find((key) => controlByte(key) !== null) ?? usual
  if (chosen === undefined && named === undefined) return { keys, leave }
  const others = (named ?? []).filter((key) => key !== leave)
  return { keys: { ...keys, 'shell-leave': [leave, ...others] }, leave }
}
