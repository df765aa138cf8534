import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const linkRm: Planner<'link-rm'> = () => refused(refusal('link-rm', 'link-rm is not made yet'))
