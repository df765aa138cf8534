import { sanitise } from '../lib/sanitise.ts'
import { isUnknown, type Known } from '../model/known.ts'

/** Text from outside as one harmless line; what could not be read as `unreadable: reason`. */
export function clean(value: Known<string | number | null>, none = '-'): string {
  if (value === null || value === '') return none
  if (typeof value === 'number') return String(value)
  if (isUnknown(value)) return `unreadable: ${sanitise(value.unknown)}`
  return sanitise(value)
}

/** `1 process`, `2 processes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
