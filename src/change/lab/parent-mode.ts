/** What the mode of a network on a parent means for that parent. */
import type { LabNetwork } from '../../model/lab.ts'

type Mode = Pick<LabNetwork, 'driver' | 'mode'>

/** ipvlan, and what takes its parent over as a whole (eth_hw_addr_inherit in macvlan_common_newlink). */
export function hasMacOfParent(network: Mode): boolean {
  return network.driver === 'ipvlan' || isPassthru(network)
}

/** All that comes in by the parent goes to the one node (macvlan_handle_frame): the host hears nothing by it any more. */
export function isPassthru({ driver, mode }: Mode): boolean {
  return driver === 'macvlan' && mode === 'passthru'
}
