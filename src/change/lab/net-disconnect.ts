import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netDisconnect: Planner<'net-disconnect'> = () =>
  refused(refusal('net-disconnect', 'net-disconnect is not made yet'))
