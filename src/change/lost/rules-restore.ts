import { refusal, refused, type Planner } from '../planner.ts'

export const rulesRestore: Planner<'rules-restore'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
