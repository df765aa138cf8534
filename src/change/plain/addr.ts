import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const addrAdd: Planner<'addr-add'> = () => refused(refusal('addr-add', 'addr-add is not made yet'))

export const addrRm: Planner<'addr-rm'> = () => refused(refusal('addr-rm', 'addr-rm is not made yet'))
