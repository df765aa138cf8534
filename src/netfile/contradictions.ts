/** What a file of networks says against itself, whatever there is on the host. */
import { sanitise } from '../lib/sanitise.ts'
import type { FileConnection, NetworkFile } from '../model/network-file.ts'

export type Contradiction = { readonly path: readonly (string | number)[]; readonly says: string }

/** A plan of 1,000 nodes takes half a minute of a processor, and more than that with the square of their number. */
const mostMembers = 1000

export function contradictions(file: NetworkFile): readonly Contradiction[] {
  const many = tooMany(file)
  if (many.length > 0) return many
  return [
    ...Object.entries(file.nodes ?? {}).flatMap(([name, { networks = [] }]) =>
      connectionsOf(file, { what: 'node', name, engine: 'lab' }, networks, ['nodes', name, 'networks']),
    ),
    ...Object.entries(file.containers ?? {}).flatMap(([name, { networks, engine }]) =>
      connectionsOf(file, { what: 'container', name, engine }, networks, ['containers', name, 'networks']),
    ),
    ...joined(file),
    ...circles(file),
    ...ends(file),
  ]
}

function tooMany(file: NetworkFile): readonly Contradiction[] {
  return (['nodes', 'containers', 'links'] as const).flatMap((key) => {
    const count = Object.keys(file[key] ?? {}).length
    const says = `the file has ${count} ${key}: at most ${mostMembers} are planned as one change, so write several files`
    return count > mostMembers ? [{ path: [key], says }] : []
  })
}

type Member = {
  readonly what: 'node' | 'container'
  readonly name: string
  readonly engine: 'lab' | 'docker' | 'podman'
}

function connectionsOf(
  file: NetworkFile,
  { what, name, engine }: Member,
  networks: readonly FileConnection[],
  path: Contradiction['path'],
): readonly Contradiction[] {
  const member = `${what} ${sanitise(name)}`
  return networks.flatMap((connection, at): readonly Contradiction[] => {
    const network = sanitise(connection.name)
    const own = file.networks?.[connection.name]
    if (networks.findIndex((each) => each.name === connection.name) < at)
      return [{ path: [...path, at], says: `${member} is put on network ${network} twice` }]
    if (own !== undefined && own.engine !== engine) {
      const says = `${member} cannot be on network ${network}: that is of ${own.engine}, and the ${what} of ${engine}`
      return [{ path: [...path, at], says }]
    }
    return what === 'node' ? linksOf(file, name, connection, [...path, at]) : []
  })
}

function linksOf(
  file: NetworkFile,
  name: string,
  { name: network, links = [] }: FileConnection,
  path: Contradiction['path'],
): readonly Contradiction[] {
  return links.flatMap((text, at): readonly Contradiction[] => {
    const [target = ''] = text.split(':')
    const other = file.nodes?.[target]
    const here = [...path, 'links', at]
    if (target === name) return [{ path: here, says: `node ${sanitise(name)} cannot be linked to itself` }]
    if (other === undefined || (other.networks ?? []).some((each) => each.name === network)) return []
    const says = `node ${sanitise(name)} cannot be linked to ${sanitise(target)} on network ${sanitise(network)}: that one is not on it`
    return [{ path: here, says }]
  })
}

/** Node → nodes of the file that must be there before it. */
export function dependencies(file: NetworkFile): ReadonlyMap<string, readonly string[]> {
  const nodes = file.nodes ?? {}
  return new Map(
    Object.entries(nodes).map(([name, { mode = '', networks = [] }]) => {
      const of = /^container:(.+)$/.exec(mode)?.[1]
      const targets = networks.flatMap(({ links = [] }) => links.map((text) => text.split(':')[0] ?? ''))
      return [
        name,
        [...(of === undefined ? [] : [of]), ...targets].filter((each) => Object.hasOwn(nodes, each)),
      ]
    }),
  )
}

function joined({ nodes = {} }: NetworkFile): readonly Contradiction[] {
  return Object.entries(nodes).flatMap(([name, { mode }]) =>
    mode === `container:${name}`
      ? [{ path: ['nodes', name, 'mode'], says: `node ${sanitise(name)} cannot join itself` }]
      : [],
  )
}

/** Each needs another one to be there first. */
function circles(file: NetworkFile): readonly Contradiction[] {
  const needs = dependencies(file)
  const done = new Set<string>()
  const found: Contradiction[] = []
  const walk = (name: string, way: readonly string[]): void => {
    const at = way.indexOf(name)
    if (at !== -1) {
      const round = way.slice(at)
      if (round.length > 1) {
        const says = `nodes ${round.map(sanitise).join(', ')} need one another to be there first: a link or container:NAME must go one way only`
        found.push({ path: ['nodes', round[0] ?? name], says })
      }
      return
    }
    if (done.has(name)) return
    for (const each of needs.get(name) ?? []) walk(each, [...way, name])
    done.add(name)
  }
  for (const name of needs.keys()) walk(name, [])
  return found
}

function ends({ links = [] }: NetworkFile): readonly Contradiction[] {
  const seen = new Set<string>()
  return links.flatMap(({ ends }, at) =>
    ends.flatMap(({ in: place, name }, end): readonly Contradiction[] => {
      const key = JSON.stringify([place, name])
      const isTwice = seen.has(key)
      seen.add(key)
      return isTwice
        ? [
            {
              path: ['links', at, 'ends', end],
              says: `link ${sanitise(name)} in ${sanitise(place)} is named twice`,
            },
          ]
        : []
    }),
  )
}
