import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const routeAdd: Planner<'route-add'> = () => refused(refusal('route-add', 'route-add is not made yet'))

export const routeRm: Planner<'route-rm'> = () => refused(refusal('route-rm', 'route-rm is not made yet'))
