import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netConnect: Planner<'net-connect'> = () =>
  refused(refusal('net-connect', 'net-connect is not made yet'))
