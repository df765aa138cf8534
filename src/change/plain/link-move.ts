import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const linkMove: Planner<'link-move'> = () => refused(refusal('link-move', 'link-move is not made yet'))
