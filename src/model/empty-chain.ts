import type { Chain } from './ruleset.ts'

/** As it is before anything but its name is known: of no hook, and without counters, which nft prints for none. */
export function emptyChain(name: string): Omit<Chain, 'rules'> {
  return {
    name,
    handle: null,
    type: null,
    hook: null,
    priority: null,
    devices: [],
    policy: null,
    packets: null,
    bytes: null,
  }
}
