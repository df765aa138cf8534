/**
 * What engines say of namespaces and bridges, as far as rows show it. An engine tells all it knows at once; what says
 * the same as before is the same object here, so that only the rows of what changed are made anew.
 */
import { dockerOptions } from '../model/docker-options.ts'
import { same } from '../lib/same.ts'
import type { Container, EngineName, EngineNetwork } from '../model/engine.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { World } from '../model/world.ts'

export type Tenant = { readonly engine: EngineName; readonly container: Container }

/** The network that an engine made a bridge for. */
export type NetworkMark = {
  readonly engine: EngineName
  readonly id: string
  readonly name: string
  readonly internal: boolean
  /** The engine's word: it translates what leaves the network. */
  readonly masquerades: boolean
}

export type EngineMarks = {
  readonly engines: World['engines'] | null
  /** Running containers by their namespace, but those of mode host: those say nothing of a link. */
  readonly tenants: ReadonlyMap<NetnsId, readonly Tenant[]>
  readonly ofHost: readonly Tenant[]
  /** By the namespace of the bridge and its name. */
  readonly bridges: ReadonlyMap<NetnsId, ReadonlyMap<string, NetworkMark>>
  readonly overlays: readonly EngineNetwork[]
}

export const noMarks: EngineMarks = {
  engines: null,
  tenants: new Map(),
  ofHost: [],
  bridges: new Map(),
  overlays: [],
}

export function engineMarks(engines: World['engines'], before: EngineMarks): EngineMarks {
  if (engines === before.engines) return before
  const known = new Map<string, Tenant>()
  for (const list of [...before.tenants.values(), before.ofHost]) {
    for (const tenant of list) known.set(`${tenant.engine} ${tenant.container.id}`, tenant)
  }
  const tenants = new Map<NetnsId, Tenant[]>()
  const ofHost: Tenant[] = []
  const bridges = new Map<NetnsId, Map<string, NetworkMark>>()
  const overlays: EngineNetwork[] = []
  for (const { engine, netns: home, containers, networks } of listOf(engines)) {
    for (const container of listOf(containers)) {
      const { netns } = container
      if (netns === null || isUnknown(netns)) continue
      const old = known.get(`${engine} ${container.id}`)
      const tenant = old !== undefined && same(old.container, container) ? old : { engine, container }
      if (container.modeKind === 'host') ofHost.push(tenant)
      else append(tenants, netns, tenant)
    }
    for (const network of listOf(networks)) {
      if (network.driver === 'overlay') overlays.push(network)
      if (home === null || network.bridge === null) continue
      const mark = networkMark(engine, network)
      const own = bridges.get(home)
      if (own === undefined) bridges.set(home, new Map([[network.bridge, mark]]))
      else own.set(network.bridge, mark)
    }
  }
  return {
    engines,
    tenants: new Map([...tenants].map(([id, list]) => [id, keptList(before.tenants.get(id), list)])),
    ofHost: keptList(before.ofHost, ofHost),
    bridges: new Map([...bridges].map(([id, own]) => [id, keptMap(before.bridges.get(id), own)])),
    overlays: same(before.overlays, overlays) ? before.overlays : overlays,
  }
}

function networkMark(engine: EngineName, network: EngineNetwork): NetworkMark {
  const { id, name, internal } = network
  return { engine, id, name, internal, masquerades: masquerades(network) }
}

/** Docker's ways to say that a network is not to be translated; Podman and CNI translate every bridge that is not internal. */
function masquerades({ driver, internal, options }: EngineNetwork): boolean {
  return (
    driver === 'bridge' &&
    !internal &&
    options[dockerOptions.masquerade] !== 'false' &&
    !['routed', 'isolated'].includes(options[dockerOptions.gatewayMode] ?? '') &&
    options['mode'] !== 'unmanaged'
  )
}

function append(map: Map<NetnsId, Tenant[]>, key: NetnsId, value: Tenant): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function keptList<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  return before?.length === now.length && before.every((one, at) => one === now[at]) ? before : now
}

function keptMap(
  before: ReadonlyMap<string, NetworkMark> | undefined,
  now: ReadonlyMap<string, NetworkMark>,
): ReadonlyMap<string, NetworkMark> {
  const isSame = before?.size === now.size && [...now].every(([name, mark]) => same(before.get(name), mark))
  return isSame && before !== undefined ? before : now
}
