/** What an engine says of a container: who it is, how it is connected, what it publishes, who shares its namespace. */
import { containerModeText } from '../../../derive/container-mode.ts'
import { portTexts } from '../../../derive/container-standing.ts'
import { containersIn, type ContainerOf } from '../../../derive/containers.ts'
import { aliasesOf } from '../../../derive/end-mark.ts'
import type { LinkRow } from '../../../derive/topology-row.ts'
import { containerIndex, ownerContainer } from '../../../derive/rules/container-index.ts'
import type { NetnsId } from '../../../model/ids.ts'
import type { World } from '../../../model/world.ts'
import type { Span } from '../../frame.ts'
import type { Subject } from '../../select/subject.ts'
import { span } from '../text.ts'
import { fact, type Fact } from './fact.ts'

/** The container that is meant by what is selected; null: none, or not one alone. */
export function containerOf(world: World, subject: Subject): ContainerOf | null {
  if (subject?.kind === 'netns' && subject.row.kind === 'container') {
    const { id } = subject.row.container
    return containersIn(world, subject.netns.id).find(({ container }) => container.id === id) ?? null
  }
  if (subject?.kind !== 'netns' && subject?.kind !== 'link') return null
  return ownerContainer(containerIndex(world), subject.netns.id)
}

/** Who it is, in one line. `ports`: of one of its links, what is published there. */
export function mainContainerFacts(
  { engine, container }: ContainerOf,
  ports = portTexts(container),
): readonly Fact[] {
  const { name, id, state, error, pid } = container
  const running = state === 'running'
  return [
    {
      label: 'container',
      spans: [
        span(name, 'container'),
        span(` ${engine.engine} ${id.slice(0, shortId)} `),
        span(state, running ? 'link.up' : 'link.down'),
        ...(pid === null ? [] : [span(` pid ${pid}`)]),
      ],
    },
    ...(error === null || error === '' ? [] : [{ ...fact('error', error, 'link.down'), alone: true }]),
    ...published(ports),
  ]
}

const shortId = 12

function published(ports: readonly string[]): readonly Fact[] {
  return ports.length === 0 ? [] : [fact('published', ports.join(' '), 'published')]
}

/** Of the container at the far end of what is selected. */
export function endFacts({ end }: LinkRow): readonly Fact[] {
  if (end === null) return []
  return [
    ...published(end.ports),
    ...(end.aliases.length === 0 ? [] : [fact('alias', end.aliases.join(' '), 'container')]),
  ]
}

export function moreContainerFacts(world: World, { container }: ContainerOf): readonly Fact[] {
  const { image, joins, endpoints, hostName, labels } = container
  const joined = joins === null ? null : (containerIndex(world).byId.get(joins)?.container.name ?? joins)
  const compose = [labels['com.docker.compose.project'], labels['com.docker.compose.service']].filter(
    (label) => label !== undefined,
  )
  return [
    fact('image', image),
    fact('mode', joined === null ? containerModeText(container) : `container:${joined}`),
    ...endpoints.map((endpoint): Fact => ({
      label: 'network',
      spans: endpointSpans(container, endpoint),
      alone: true,
    })),
    ...(hostName === null ? [] : [fact('host name', hostName)]),
    ...(compose.length === 0 ? [] : [fact('compose', compose.join(' / '))]),
  ]
}

/** `tomcat-net 172.28.5.2/24 02:42:ac:1c:05:02 alias web gateway 172.28.5.1` */
function endpointSpans(
  container: ContainerOf['container'],
  endpoint: ContainerOf['container']['endpoints'][number],
): readonly Span[] {
  const { network, ipv4, ipv6, mac, gateway } = endpoint
  const aliases = aliasesOf(container, endpoint)
  return [
    span(network, 'container'),
    ...[ipv4, ipv6].flatMap((address) => (address === null ? [] : [span(` ${address}`, 'address')])),
    ...(mac === null ? [] : [span(` ${mac}`)]),
    ...(aliases.length === 0 ? [] : [span(` alias ${aliases.join(' ')}`, 'container')]),
    ...(gateway === null || gateway === '' ? [] : [span(` gateway ${gateway}`, 'address')]),
  ]
}

const most = 8

/** Everybody else in a namespace; of an engine's own namespace those of mode host. */
export function sharingFacts(world: World, id: NetnsId, self: ContainerOf | null): readonly Fact[] {
  const others = containersIn(world, id).filter(({ container }) => container.id !== self?.container.id)
  if (others.length === 0) return []
  const names = others.slice(0, most).map(({ container }) => container.name)
  const more = others.length > most ? ` and ${others.length - most} more` : ''
  return [fact(self === null ? 'used by' : 'shared by', `${names.join(', ')}${more}`, 'container')]
}
