/** Drivers macvlan and ipvlan: nothing is made on the host until a node joins. */
import { refusal, refused } from '../planner.ts'
import type { NetworkPlanner } from './network-plan.ts'

export const parentNetwork: NetworkPlanner = ({ driver }) =>
  refused(refusal(driver, `driver ${driver} is not made yet`))
