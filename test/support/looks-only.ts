/** What a command gets that may only look: no helper process, no change of the host. */
import type { Deps } from '../../src/command/command.ts'

export const looksOnly: Pick<Deps, 'prober' | 'tell' | 'changer' | 'person'> = {
  prober: () => {
    throw new Error('no probe was expected')
  },
  tell: async () => {},
  changer: () => {
    throw new Error('no change was expected')
  },
  person: { isThere: false, approves: async () => false, step: () => {}, waits: () => {} },
}
