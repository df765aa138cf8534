/** Nodes of a file: made where they are not there; what differs is changed. */
import { normalIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Intent, IntentOf, LabConnection } from '../../model/intent.ts'
import type { Lab, LabEndpoint, LabNode } from '../../model/lab.ts'
import type { FileConnection, FileNode, NetworkFile } from '../../model/network-file.ts'
import { withoutLength } from '../lab/mac-of.ts'
import { labOf } from '../lab/lab.ts'
import { netnsNamed } from '../lab/joined.ts'
import { publishText } from '../rules/ports.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import type { Want } from './composed.ts'
import { says, sameWords } from './differences.ts'
import { inOrder } from './order.ts'
import { portsOf, portsThere } from './ports-asked.ts'
import { askedFor, withAddresses } from './reserved.ts'

export function nodeWants(file: NetworkFile, replace: boolean): readonly Want[] {
  const reserved = askedFor(file)
  return inOrder(file).map(([name, node]) => ({
    path: ['nodes', name],
    stage: 1,
    intents: (moment) => {
      const lab = labOf(moment.world)
      if (!lab.ok) return lab
      const there = lab.value.nodes.find((each) => each.name === name)
      const connections = (node.networks ?? []).map((each) =>
        withAddresses(moment, lab.value, connectionOf(each), reserved),
      )
      if (there !== undefined) return changes({ name, node, there, lab: lab.value, connections, replace })
      // A namespace that somebody made by hand, with only links: there is nothing to make.
      if (node.mode === 'none' && netnsNamed(moment.world, name) !== null) return planned([])
      return planned([addition(name, node, connections)])
    },
  }))
}

function addition(name: string, node: FileNode, connections: readonly LabConnection[]): IntentOf<'node-add'> {
  const { mode, of } = modeOf(node)
  return {
    kind: 'node-add',
    name,
    mode,
    ...(of === null ? {} : { of }),
    connections,
    ports: node.ports ?? [],
    ...(node.hosts === undefined ? {} : { hosts: node.hosts }),
  }
}

function modeOf({ mode = 'bridge' }: FileNode): {
  readonly mode: LabNode['mode']
  readonly of: string | null
} {
  const of = /^container:(.+)$/.exec(mode)?.[1]
  if (of !== undefined) return { mode: 'container', of }
  return { mode: mode === 'none' || mode === 'host' ? mode : 'bridge', of: null }
}

function connectionOf({ name, aliases, links, ...rest }: FileConnection): LabConnection {
  return { network: name, ...rest, aliases: aliases ?? [], links: links ?? [] }
}

type Held = {
  readonly name: string
  readonly node: FileNode
  readonly there: LabNode
  readonly lab: Lab
  readonly connections: readonly LabConnection[]
  readonly replace: boolean
}

function changes({ name, node, there, lab, connections, replace }: Held): Planned<readonly Intent[]> {
  const asked = modeOf(node)
  const fixed = [
    ...says('mode', modeText(there), modeText(asked)),
    ...says('hosts', hostsText(there.hosts), hostsText(node.hosts)),
  ]
  if (fixed.length > 0) {
    if (replace) return planned([{ kind: 'node-rm', name }, addition(name, node, connections)])
    const what = `node ${sanitise(name)} is there and is not as the file says: ${fixed.join('; ')}`
    return refused(refusal(name, what, '--replace removes it and makes it again'))
  }
  if (asked.mode !== 'bridge') return planned([])
  const wanted = new Map(connections.map((each) => [each.network, each]))
  const has = new Map(there.endpoints.map((each) => [each.network, each]))
  const extra = there.endpoints.filter(({ network }) => !wanted.has(network))
  const again = connections.filter((each) => {
    const endpoint = has.get(each.network)
    return endpoint !== undefined && !isAsAsked(endpoint, each)
  })
  const added = connections.filter(({ network }) => !has.has(network))
  const ports = portsOf(node.ports ?? [], lab, wanted.keys(), there)
  if (!ports.ok) return ports
  // Where a network goes all ports go with it: whether the others carry them shows only afterwards.
  const isOff = extra.length > 0 || again.length > 0
  const gone = isOff
    ? there.ports.map(publishText)
    : portsThere(there).filter((each) => !ports.value.includes(each))
  const missing = isOff ? ports.value : ports.value.filter((each) => !portsThere(there).includes(each))
  return planned([
    ...(gone.length === 0 ? [] : [{ kind: 'net-unpublish', node: name, ports: gone } as const]),
    ...added.map((connection) => ({ kind: 'net-connect', node: name, connection }) as const),
    ...again.flatMap((connection): readonly Intent[] => [
      { kind: 'net-disconnect', node: name, network: connection.network },
      { kind: 'net-connect', node: name, connection },
    ]),
    ...extra.map(({ network }) => ({ kind: 'net-disconnect', node: name, network }) as const),
    ...(missing.length === 0 ? [] : [{ kind: 'net-publish', node: name, ports: missing } as const]),
  ])
}

function modeText({ mode, of }: Pick<LabNode, 'mode' | 'of'>): string {
  return mode === 'container' ? `container:${of ?? ''}` : mode
}

function hostsText(hosts: Readonly<Record<string, string>> = {}): string {
  return sameWords(Object.entries(hosts).map(([name, address]) => `${name}=${normalIp(address) ?? address}`))
}

/** What is not asked for may be as it is. */
function isAsAsked(there: LabEndpoint, asked: LabConnection): boolean {
  const isAddress = (is: string | null, wanted: string | undefined): boolean =>
    wanted === undefined || (is !== null && withoutLength(is) === (normalIp(wanted) ?? wanted))
  const links = there.links.map(({ node, alias }) => `${node}:${alias}`)
  const wanted = asked.links.map((text) => (text.includes(':') ? text : `${text}:${text}`))
  return (
    isAddress(there.ipv4, asked.ip) &&
    isAddress(there.ipv6, asked.ip6) &&
    (asked.mac === undefined || asked.mac.toLowerCase() === there.mac) &&
    sameWords(there.aliases) === sameWords([...new Set(asked.aliases)]) &&
    sameWords(links) === sameWords(wanted)
  )
}
