/** Likely values of a form's fields, from the World: namespaces, links, networks, nodes. */
import { displayNames } from '../../derive/netns-name.ts'
import { addressesOf, indexOf } from '../../derive/netns-index.ts'
import { resolveNetns } from '../../derive/resolve-netns.ts'
import type { Container, Engine, EngineNetwork } from '../../model/engine.ts'
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Values } from '../changing/form.ts'
import { engineOf, isLab } from '../changing/form-host.ts'
import { isOwn } from './engines-own.ts'
import { memoRecent } from './memo-recent.ts'

/** As a command line takes it and as nobody else is called. */
export function netnsWord(world: World, id: NetnsId): string {
  if (id === world.host) return 'host'
  const name = displayNames(world.netns).get(id) ?? ''
  const found = /^[\w][\w.-]*$/.test(name) ? resolveNetns(world, name) : null
  return found?.ok === true && found.value.id === id ? name : `ino:${id}`
}

export const netnsWords = memoRecent((world: World): readonly string[] =>
  world.netns.filter(({ id }) => !isHidden(id)).map(({ id }) => netnsWord(world, id)),
)

/** null: what was typed is no namespace, or several. */
export function netnsTyped(world: World, text: string | undefined): Netns | null {
  const found = text === undefined || text.trim() === '' ? null : resolveNetns(world, text.trim())
  return found?.ok === true ? found.value : null
}

export function linkWords(world: World, netns: string | undefined): readonly string[] {
  const found = netnsTyped(world, netns)
  return found === null ? [] : listOf(found.links).map(({ name }) => name)
}

export function bridgeWords(world: World, netns: string | undefined): readonly string[] {
  const found = netnsTyped(world, netns)
  return found === null
    ? []
    : listOf(found.links)
        .filter(({ kind }) => kind === 'bridge')
        .map(({ name }) => name)
}

export function addressWords(
  world: World,
  netns: string | undefined,
  link: string | undefined,
): readonly string[] {
  const found = netnsTyped(world, netns)
  const ifindex = found === null ? undefined : indexOf(found).byName.get(link ?? '')?.ifindex
  return found === null || ifindex === undefined
    ? []
    : addressesOf(found, ifindex).map(({ local, prefixLen }) => `${local}/${prefixLen}`)
}

/** A lab, or the engine that the form means. */
function enginesMeant(world: World, values: Values): readonly Engine[] {
  const all = listOf(world.engines).filter(({ engine }) => engine === engineOf(values))
  const own = all.filter(({ endpoint }) => endpoint === values['socket'])
  return own.length > 0 ? own : all.slice(0, 1)
}

/** Of the engine that is meant: a lab's, where none is. */
export function networkWords(world: World, values: Values = {}): readonly string[] {
  return networksMeant(world, values).map(({ name }) => name)
}

/** Those that can be removed: what an engine makes for itself stays. */
export function removableWords(world: World, values: Values = {}): readonly string[] {
  return networksMeant(world, values)
    .filter((network) => isLab(values) || !isOwn(network))
    .map(({ name }) => name)
}

export function networkMeant(world: World, values: Values): EngineNetwork | null {
  return networksMeant(world, values).find(({ name }) => name === values['network']?.trim()) ?? null
}

function networksMeant(world: World, values: Values): readonly EngineNetwork[] {
  return enginesMeant(world, values).flatMap(({ networks }) => listOf(networks))
}

/** Nodes of a lab, containers of an engine; those that could not be on a network are left out. */
export function nodeWords(world: World, values: Values = {}): readonly string[] {
  return nodesMeant(world, values)
    .filter(({ modeKind }) => isLab(values) || modeKind === 'bridge' || modeKind === 'network')
    .map(({ name }) => name)
}

function nodesMeant(world: World, values: Values): readonly Container[] {
  return enginesMeant(world, values).flatMap(({ containers }) => listOf(containers))
}

/** Who could be put on that network: those that are not yet. */
export function connectableWords(world: World, values: Values): readonly string[] {
  const network = values['network']?.trim() ?? ''
  const on = new Set(
    nodesMeant(world, values)
      .filter(({ endpoints }) => endpoints.some((each) => each.network === network))
      .map(({ name }) => name),
  )
  return nodeWords(world, values).filter((each) => !on.has(each))
}

/** Who is on that network; on none that is known: all of them. */
export function memberWords(world: World, values: Values): readonly string[] {
  const network = values['network']?.trim() ?? ''
  if (network === '') return nodeWords(world, values)
  return nodesMeant(world, values)
    .filter(({ endpoints }) => endpoints.some((each) => each.network === network))
    .map(({ name }) => name)
}

/** Of that node: as `net unpublish` takes them. */
export function publishedWords(world: World, node: string | undefined): readonly string[] {
  const ports = nodesMeant(world, {})
    .filter(({ name }) => name === node)
    .flatMap(({ ports: each }) => each)
  return ports.map(({ hostIp, hostPort, port, protocol }) => {
    const host =
      hostIp === '0.0.0.0' || hostIp === '::' ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`
    return `${host}${hostPort}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`
  })
}

/** Of that node or container; of none: all of them. */
export function networksOfNode(world: World, values: Values): readonly string[] {
  const node = values['node']?.trim() ?? ''
  if (node === '') return networkWords(world, values)
  return nodesMeant(world, values)
    .filter(({ name }) => name === node)
    .flatMap(({ endpoints }) => endpoints.map(({ network }) => network))
}
