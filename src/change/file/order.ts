/** Nodes in the order in which they can be made: whom others join or are linked to first, and those that ask for an address before those that get any. */
import type { FileNode, NetworkFile } from '../../model/network-file.ts'

export function inOrder({
  nodes = {},
}: Pick<NetworkFile, 'nodes'>): readonly (readonly [string, FileNode])[] {
  const all = Object.entries(nodes)
  const asked = [
    ...all.filter(([, node]) => asksAddress(node)),
    ...all.filter(([, node]) => !asksAddress(node)),
  ]
  const ordered = new Map<string, FileNode>()
  const begun = new Set<string>()
  const visit = (name: string, node: FileNode): void => {
    if (begun.has(name)) return
    begun.add(name)
    for (const other of needsOf(node)) {
      const needed = Object.hasOwn(nodes, other) ? nodes[other] : undefined
      if (needed !== undefined) visit(other, needed)
    }
    ordered.set(name, node)
  }
  for (const [name, node] of asked) visit(name, node)
  return [...ordered]
}

function asksAddress({ networks = [] }: FileNode): boolean {
  return networks.some(({ ip, ip6 }) => ip !== undefined || ip6 !== undefined)
}

function needsOf({ mode = '', networks = [] }: FileNode): readonly string[] {
  const of = /^container:(.+)$/.exec(mode)?.[1]
  return [
    ...(of === undefined ? [] : [of]),
    ...networks.flatMap(({ links = [] }) => links.map((text) => text.split(':')[0] ?? '')),
  ]
}
