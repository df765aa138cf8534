import { refusal, refused, type Planner } from '../planner.ts'

export const engineNetConnect: Planner<'engine-net-connect'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
