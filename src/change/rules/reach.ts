/** Which address of a node its ports lead to, and which bridges are a lab's. */
import type { Lab, LabEndpoint, LabNetwork, LabNode, LabPort } from '../../model/lab.ts'

/** nftables' word of an address family. */
export type RuleFamily = 'ip' | 'ip6'

/** Names of links that nft takes in quotes as they are: it knows no escape but for a `*` at the end. */
export const plainName = /^[\w.:@-]+$/

/** A network whose bridge is on the host: bridge and vxlan. The host is isolated from macvlan and ipvlan by design. */
export type Bridged = LabNetwork & { readonly bridge: string }

export function bridged(lab: Lab): readonly Bridged[] {
  return lab.networks.filter((network): network is Bridged => network.bridge !== null)
}

export function subnetsOf({ subnets }: LabNetwork, family: RuleFamily): readonly string[] {
  return subnets.map(({ subnet }) => subnet).filter((subnet) => familyOf(subnet) === family)
}

export function familyOf(address: string): RuleFamily {
  return address.includes(':') ? 'ip6' : 'ip'
}

/** Without its length. */
export function addressOf(endpoint: LabEndpoint, family: RuleFamily): string | null {
  return (family === 'ip' ? endpoint.ipv4 : endpoint.ipv6)?.split('/')[0] ?? null
}

export type Reached = {
  readonly network: Bridged
  readonly endpoint: LabEndpoint
  readonly address: string
}

/** Where ports of that family lead: the network of its default route, else one with a way out, else any. null: nowhere. */
export function reached(lab: Lab, node: LabNode, family: RuleFamily): Reached | null {
  const all = node.endpoints.flatMap((endpoint): readonly Reached[] => {
    const network = bridged(lab).find(({ name }) => name === endpoint.network)
    const address = addressOf(endpoint, family)
    return network === undefined || address === null ? [] : [{ network, endpoint, address }]
  })
  return (
    all.find(({ endpoint, network }) => endpoint.isDefault && !network.internal) ??
    all.find(({ network }) => !network.internal) ??
    all[0] ??
    null
  )
}

export type Published = Reached & { readonly node: LabNode; readonly port: LabPort }

/** Every port that leads somewhere. */
export function published(lab: Lab, family: RuleFamily): readonly Published[] {
  return lab.nodes.flatMap((node) => {
    const ports = node.ports.filter(({ hostIp }) => familyOf(hostIp) === family)
    const to = ports.length === 0 ? null : reached(lab, node, family)
    return to === null ? [] : ports.map((port) => ({ ...to, node, port }))
  })
}

export type Linked = { readonly network: Bridged; readonly from: string; readonly to: string }

/** Who may reach whom by `--link` where a network's nodes may not reach each other. */
export function linked(lab: Lab, family: RuleFamily): readonly Linked[] {
  const closed = bridged(lab).filter(({ icc }) => !icc)
  return lab.nodes.flatMap(({ endpoints }) =>
    endpoints.flatMap((endpoint) => {
      if (endpoint.links.length === 0) return []
      const network = closed.find(({ name }) => name === endpoint.network)
      const from = addressOf(endpoint, family)
      if (network === undefined || from === null) return []
      return endpoint.links.flatMap(({ node }) => {
        const other = lab.nodes
          .find(({ name }) => name === node)
          ?.endpoints.find((each) => each.network === network.name)
        const to = other === undefined ? null : addressOf(other, family)
        return to === null ? [] : [{ network, from, to }]
      })
    }),
  )
}
