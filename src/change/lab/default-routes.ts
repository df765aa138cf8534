/** By which of its networks a node reaches everything else. */
import type { Lab, LabEndpoint, LabNetwork } from '../../model/lab.ts'

export type DefaultRoute = {
  readonly family: 'inet' | 'inet6'
  readonly link: string
  /** null: ipvlan in a mode where the kernel itself routes, and there are no neighbours. */
  readonly via: string | null
}

/** The first network that leads out gets the mark, unless one that does has it. */
export function markDefault(lab: Lab, endpoints: readonly LabEndpoint[]): readonly LabEndpoint[] {
  const able = endpoints.filter((each) => leadsOut(lab, each))
  const chosen = able.find(({ isDefault }) => isDefault) ?? able[0]
  return endpoints.map((each) => ({ ...each, isDefault: each === chosen }))
}

/** At most one a family: by the marked network, or where that lacks the family by the first that has it. */
export function defaultRoutes(lab: Lab, endpoints: readonly LabEndpoint[]): readonly DefaultRoute[] {
  const inOrder = [
    ...endpoints.filter(({ isDefault }) => isDefault),
    ...endpoints.filter(({ isDefault }) => !isDefault),
  ]
  return (['inet', 'inet6'] as const).flatMap((family) => {
    const routes = inOrder.flatMap((each) => routeBy(lab, each, family))
    return routes.slice(0, 1)
  })
}

export function leadsOut(lab: Lab, endpoint: LabEndpoint): boolean {
  return routeBy(lab, endpoint, 'inet').length > 0 || routeBy(lab, endpoint, 'inet6').length > 0
}

function routeBy(lab: Lab, endpoint: LabEndpoint, family: DefaultRoute['family']): readonly DefaultRoute[] {
  const network = lab.networks.find(({ name }) => name === endpoint.network)
  const address = family === 'inet' ? endpoint.ipv4 : endpoint.ipv6
  if (network === undefined || network.internal || address === null) return []
  const { link } = endpoint
  if (isRoutedIpvlan(network)) return [{ family, link, via: null }]
  const via = gatewayOf(network, family)
  return via === null ? [] : [{ family, link, via }]
}

function gatewayOf(network: LabNetwork, family: DefaultRoute['family']): string | null {
  const subnet = network.subnets.find((each) => each.subnet.includes(':') === (family === 'inet6'))
  return subnet?.gateway ?? null
}

/** Modes l3 and l3s answer no ARP (Documentation/networking/ipvlan.rst). */
function isRoutedIpvlan({ driver, mode }: LabNetwork): boolean {
  return driver === 'ipvlan' && (mode === 'l3' || mode === 'l3s')
}
