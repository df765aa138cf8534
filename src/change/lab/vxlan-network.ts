/** Driver vxlan: a bridge, and a vxlan port on it that leads to the bridges of other hosts. */
import { refusal, refused } from '../planner.ts'
import type { NetworkPlanner } from './network-plan.ts'

export const vxlanNetwork: NetworkPlanner = ({ driver }) =>
  refused(refusal(driver, `driver ${driver} is not made yet`))
