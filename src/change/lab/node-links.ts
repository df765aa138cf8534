/** `--link` of others to a node, when that goes. */
import type { Lab } from '../../model/lab.ts'

/** `network`: only there; null: everywhere. */
export function withoutLinksTo(lab: Lab, node: string, network: string | null): Lab {
  return {
    ...lab,
    nodes: lab.nodes.map((each) => ({
      ...each,
      endpoints: each.endpoints.map((endpoint) =>
        network === null || endpoint.network === network
          ? { ...endpoint, links: endpoint.links.filter((link) => link.node !== node) }
          : endpoint,
      ),
    })),
  }
}
