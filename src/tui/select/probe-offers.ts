/** What the form offers: targets, or while options are typed what may stand there. */
import type { State } from '../state.ts'

export type Offer = {
  /** The whole line. */
  readonly text: string
  readonly says: string
  /** `typed`: as it stands there; `option`: there is more to type. */
  readonly kind: 'target' | 'typed' | 'option'
}

export function offersOf({ mode }: State): readonly Offer[] {
  if (mode.type !== 'probe-form') return []
  const text = mode.input.text.trim()
  return text === ''
    ? [{ text: 'gateway', says: 'the default gateway', kind: 'target' }]
    : [{ text, says: '', kind: 'typed' }]
}
