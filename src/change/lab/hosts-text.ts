/** What /etc/hosts says in a node: who is on its networks, by which names. */
import type { Lab, LabEndpoint, LabNode } from '../../model/lab.ts'
import { withoutLength } from './mac-of.ts'

const localhost = [
  '# Written by vethscope, and again with each change of the lab.',
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
]

export type HostsTexts = (node: LabNode) => string

/** The text of each node of a lab; what is said of a network is made once for all on it. */
export function hostsTexts(lab: Lab): HostsTexts {
  const nodes = lab.nodes.toSorted((a, b) => byText(a.name, b.name))
  const made = new Map<string, readonly string[]>()
  const membersOf = (network: string): readonly string[] => {
    const lines = made.get(network) ?? memberLines(nodes, network)
    made.set(network, lines)
    return lines
  }
  const texts = new Map<string, string>()
  return (node) => {
    const { own, networks } = hostsParts(lab, node)
    const key = JSON.stringify([own, networks])
    const text = texts.get(key) ?? `${[...localhost, ...own, ...networks.flatMap(membersOf)].join('\n')}\n`
    texts.set(key, text)
    return text
  }
}

/**
 * Links and added names first: they are this node's own. Nodes on the same networks without links have the same text, byte by byte, so that one
 * command writes all of them.
 */
function hostsParts(
  lab: Lab,
  node: LabNode,
): { readonly own: readonly string[]; readonly networks: readonly string[] } {
  const networks = node.endpoints.map(({ network }) => network).toSorted(byText)
  return {
    own: [
      ...(networks.length === 0 ? [`127.0.1.1\t${node.name}`] : []),
      ...node.endpoints.flatMap((endpoint) => linkLines(lab, endpoint)),
      ...Object.entries(node.hosts ?? {}).map(([name, address]) => `${address}\t${name}`),
    ],
    networks,
  }
}

function linkLines(lab: Lab, { network, links }: LabEndpoint): readonly string[] {
  return links.flatMap(({ node, alias }) => {
    const other = lab.nodes.find(({ name }) => name === node)
    const there = other?.endpoints.find((each) => each.network === network)
    return alias === node || there === undefined ? [] : linesOf(there, [alias])
  })
}

function memberLines(nodes: readonly LabNode[], network: string): readonly string[] {
  return nodes.flatMap(({ name, endpoints }) =>
    endpoints
      .filter((each) => each.network === network)
      .flatMap((each) => linesOf(each, [`${name}.${network}`, name, ...each.aliases])),
  )
}

/** The first name is the one that an address is called by (hosts(5)). */
function linesOf({ ipv4, ipv6 }: LabEndpoint, names: readonly string[]): readonly string[] {
  return [ipv4, ipv6].flatMap((address) =>
    address === null ? [] : [`${withoutLength(address)}\t${[...new Set(names)].join(' ')}`],
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
