import { refusal, refused, type Planner } from '../planner.ts'

export const engineNetRm: Planner<'engine-net-rm'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
