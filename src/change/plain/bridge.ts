import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const bridgeAdd: Planner<'bridge-add'> = () =>
  refused(refusal('bridge-add', 'bridge-add is not made yet'))

export const bridgeRm: Planner<'bridge-rm'> = () => refused(refusal('bridge-rm', 'bridge-rm is not made yet'))
