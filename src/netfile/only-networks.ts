/** Some networks of all, and who is on them. */
import type { FileConnection } from '../model/network-file.ts'
import type { Part } from './exported.ts'

export function onlyNetworks(part: Part, names: readonly string[]): Part {
  const wanted = new Set(names)
  const left: string[] = []
  const on = <T extends { readonly networks?: readonly FileConnection[] | undefined }>(
    what: string,
    pairs: readonly (readonly [string, T])[],
  ) =>
    pairs.flatMap(([name, value]) => {
      const kept = (value.networks ?? []).filter((each) => wanted.has(each.name))
      if (kept.length === 0) return []
      const others = (value.networks ?? []).filter((each) => !wanted.has(each.name))
      left.push(...others.map((each) => `${what} ${name} is also on network ${each.name}`))
      return [[name, { ...value, networks: kept }] as const]
    })
  const nodes = on('node', part.nodes)
  // Those that share the namespace of one that is on it have nothing else.
  const joined = part.nodes.filter(([, { mode }]) => nodes.some(([name]) => mode === `container:${name}`))
  const ofNodes = new Set([...nodes, ...joined].map(([name]) => name))
  return {
    ...part,
    networks: part.networks.filter(([name]) => wanted.has(name)),
    nodes: [...nodes, ...joined],
    containers: on('container', part.containers),
    links: part.links.filter(({ ends }) => ends.every((end) => ofNodes.has(end.in))),
    // What else is on the host was not asked for.
    left: left,
  }
}
