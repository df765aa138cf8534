/** A namespace that no file leads to: somebody's link points into it, and it is seen by a number only. */
import { unknown } from '../../model/known.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import type { SeenThroughNsid } from '../reader.ts'

const why = unknown('no file leads to it: only links and addresses can be seen, through an nsid')

/** `id` says who sees it, and by which number. */
export function hiddenNetns(id: NetnsId, seen: SeenThroughNsid): Netns {
  return {
    id,
    dev: null,
    cookie: null,
    userNamespace: why,
    names: [{ name: id.replaceAll(':', '-'), source: 'hidden', path: null }],
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
    readable: why,
    links: seen.links,
    addresses: seen.addresses,
    routes: why,
    policyRules: why,
    nexthopObjects: why,
    neighbours: why,
    fdb: why,
    mdb: why,
    nsids: seen.nsids,
    details: null,
    firewall: null,
    conntrack: null,
  }
}
