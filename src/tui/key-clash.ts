/** What is wrong with a user's keys: one that no terminal sends, or one that would mean two things in one place. */
import { chosenBindings, keymap, type Binding, type UserKeys } from './keymap.ts'
import type { Key } from './msg.ts'
import { controlByte } from './shell/key-bytes.ts'
import { withLeaveKey } from './shell/leave-key.ts'
import { controlKey } from './terminal/key-names.ts'

export type KeyTrouble = {
  /** A member of the config: `keys.find.0`. */
  readonly place: string
  readonly problem: string
}

/** `leave`: the config's `leaveKey`. The first that is wrong; null: none is. */
export function keyTrouble(keys: UserKeys, leave: Key | undefined): KeyTrouble | null {
  for (const [action, own] of Object.entries(keys)) {
    for (const [at, key] of own.entries()) {
      const sent = sentFor(key)
      if (sent !== null)
        return { place: `keys.${action}.${at}`, problem: `is ${key}, which terminals send as ${sent}` }
    }
  }
  return clashIn(keys, leave)
}

/** What comes from a terminal in its place; null: the key itself. */
function sentFor(key: Key): Key | null {
  const [, alt = '', letter = ''] = /^C-(M-)?(.)$/u.exec(key) ?? []
  const plain = `C-${letter}`
  const byte = controlByte(plain)
  if (byte === null) return null
  // Other keys begin with that byte too, so that the table of names does not have it.
  const name = plain === 'C-[' ? 'escape' : controlKey(String.fromCharCode(byte))
  return name === null || name === plain ? null : alt + name
}

function clashIn(keys: UserKeys, leave: Key | undefined): KeyTrouble | null {
  const user = withLeaveKey(keys, leave).keys ?? keys
  const isLeave = (action: string, key: Key): boolean => action === 'shell-leave' && key === leave
  const placeOf = (action: string, key: Key): string =>
    isLeave(action, key)
      ? 'leaveKey'
      : ['keys', action, ...[keys[action]?.indexOf(key) ?? -1].filter((at) => at !== -1)].join('.')
  const chosen = chosenBindings(user)
  const builtIn = keymap.filter(({ action }) => !Object.hasOwn(user, action))
  for (const [at, binding] of chosen.entries()) {
    const [key = ''] = binding.keys
    // Which keys leaveKey may take away the document of the settings says.
    const others = [...chosen.slice(0, at), ...(isLeave(binding.action, key) ? [] : builtIn)]
    for (const other of others) {
      const shared = binding.action === other.action ? null : sharedPlace(binding, other)
      if (shared === null) continue
      const problem = `is ${key}, which ${other.action} has too (in ${shared}): one of the two needs another key`
      return { place: placeOf(binding.action, key), problem }
    }
  }
  return null
}

/** Where both would be meant. */
function sharedPlace(one: Binding, other: Binding): string | null {
  if (!one.keys.some((key) => other.keys.includes(key))) return null
  return one.in.find((context) => other.in.includes(context)) ?? null
}
