import { refusal, refused, type Planner } from '../planner.ts'

export const engineNetPrune: Planner<'engine-net-prune'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
