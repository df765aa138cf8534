import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const nodeRm: Planner<'node-rm'> = () => refused(refusal('node-rm', 'node-rm is not made yet'))
