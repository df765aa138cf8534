import { refusal, refused, type Planner } from '../planner.ts'

export const engineNetCreate: Planner<'engine-net-create'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
