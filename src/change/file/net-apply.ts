import { refusal, refused, type Planner } from '../planner.ts'

export const netApply: Planner<'net-apply'> = () => refused(refusal('file', 'this is not made yet'))
