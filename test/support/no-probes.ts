/** What a command gets where no helper process may be started. */
import type { Deps } from '../../src/command/command.ts'

export const noProbes: Pick<Deps, 'prober' | 'tell'> = {
  prober: () => {
    throw new Error('no probe was expected')
  },
  tell: async () => {},
}
