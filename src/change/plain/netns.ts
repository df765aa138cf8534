import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netnsAdd: Planner<'netns-add'> = () => refused(refusal('netns-add', 'netns-add is not made yet'))

export const netnsRm: Planner<'netns-rm'> = () => refused(refusal('netns-rm', 'netns-rm is not made yet'))
