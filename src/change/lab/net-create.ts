import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netCreate: Planner<'net-create'> = () =>
  refused(refusal('net-create', 'net-create is not made yet'))
