import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const masqueradeAdd: Planner<'masquerade-add'> = () =>
  refused(refusal('masquerade-add', 'masquerade-add is not made yet'))

export const masqueradeRm: Planner<'masquerade-rm'> = () =>
  refused(refusal('masquerade-rm', 'masquerade-rm is not made yet'))
