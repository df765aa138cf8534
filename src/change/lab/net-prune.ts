import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netPrune: Planner<'net-prune'> = () => refused(refusal('net-prune', 'net-prune is not made yet'))
