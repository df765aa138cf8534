import { refusal, refused, type Planner } from '../planner.ts'

export const engineNetDisconnect: Planner<'engine-net-disconnect'> = (_world, { engine }) =>
  refused(refusal(engine, 'this is not made yet'))
