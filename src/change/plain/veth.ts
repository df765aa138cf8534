import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const vethAdd: Planner<'veth-add'> = () => refused(refusal('veth-add', 'veth-add is not made yet'))
