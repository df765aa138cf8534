/** How what is there differs from what a file says: `mtu 1450, not 1400`. */
import { sanitise } from '../../lib/sanitise.ts'

export type Difference = string

type Value = string | number | boolean | null

export function says(what: string, there: Value, wanted: Value): readonly Difference[] {
  return there === wanted ? [] : [`${what} ${shown(there)}, not ${shown(wanted)}`]
}

/** In whatever order: the same text for the same words. */
export function sameWords(words: readonly string[]): string {
  return words.toSorted().join(' ')
}

function shown(value: Value): string {
  return value === null || value === '' ? 'none' : sanitise(String(value))
}
