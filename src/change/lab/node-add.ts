import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const nodeAdd: Planner<'node-add'> = () => refused(refusal('node-add', 'node-add is not made yet'))
