import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netRm: Planner<'net-rm'> = () => refused(refusal('net-rm', 'net-rm is not made yet'))
