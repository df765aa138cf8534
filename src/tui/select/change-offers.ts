/** Likely values of a form's fields, from the World: namespaces, links, networks, nodes. */
import { displayNames } from '../../derive/netns-name.ts'
import { addressesOf, indexOf } from '../../derive/netns-index.ts'
import { resolveNetns } from '../../derive/resolve-netns.ts'
import type { Engine } from '../../model/engine.ts'
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
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

const labs = (world: World): readonly Engine[] =>
  listOf(world.engines).filter(({ engine }) => engine === 'lab')

/** Lab's own: those of Docker are Docker's. */
export function networkWords(world: World): readonly string[] {
  return labs(world).flatMap(({ networks }) => listOf(networks).map(({ name }) => name))
}

export function nodeWords(world: World): readonly string[] {
  return labs(world).flatMap(({ containers }) => listOf(containers).map(({ name }) => name))
}

/** Of that node: as `net unpublish` takes them. */
export function publishedWords(world: World, node: string | undefined): readonly string[] {
  const ports = labs(world)
    .flatMap(({ containers }) => listOf(containers))
    .filter(({ name }) => name === node)
    .flatMap(({ ports: each }) => each)
  return ports.map(({ hostIp, hostPort, port, protocol }) => {
    const host =
      hostIp === '0.0.0.0' || hostIp === '::' ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`
    return `${host}${hostPort}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`
  })
}

export function networksOfNode(world: World, node: string | undefined): readonly string[] {
  return labs(world)
    .flatMap(({ containers }) => listOf(containers))
    .filter(({ name }) => name === node)
    .flatMap(({ endpoints }) => endpoints.map(({ network }) => network))
}
