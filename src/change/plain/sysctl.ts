import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const sysctlSet: Planner<'sysctl-set'> = () =>
  refused(refusal('sysctl-set', 'sysctl-set is not made yet'))
