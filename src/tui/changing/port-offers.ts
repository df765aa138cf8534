/** How a port could be published: on the next port of the host that nobody has, to one that the node listens on. */
import { listOf } from '../../model/known.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'

/** Where one looks for a free port first. */
const firstPort = 8080
const lastPort = 65_535

type Asked = {
  /** What stands in the field. */
  readonly typed: string | undefined
  /** Whose ports; undefined: of one that is not made yet. */
  readonly node: string | undefined
}

/** `8080:80`; behind a `9000:` or a `127.0.0.1:` that is typed, what is missing. The plan itself asks the host again. */
export function portOffers(
  world: World,
  { typed = '', node }: Asked,
  ports: PortsView | null,
): readonly string[] {
  const word = /\S*$/.exec(typed)?.[0] ?? ''
  const before = typed.slice(0, typed.length - word.length)
  const free = freePort(world, hostPortsIn(before), ports)
  const begun = begunBy(word, free)
  return begun === null ? [] : portsOfNode(world, node, ports).map((each) => `${begun}${each}`)
}

/** What stands before the node's port; null: every port is taken. */
function begunBy(word: string, free: number | null): string | null {
  const isAddress = /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]*\]):$/i.test(word)
  if (word.endsWith(':') && !isAddress && !word.startsWith('[')) return word
  if (/^\[[\da-f:.]*\]:\d+:$/i.test(word)) return word
  return free === null ? null : `${isAddress ? word : ''}${free}:`
}

/** Of every protocol and address: who wants one beside another's types it. */
function freePort(world: World, more: readonly number[], ports: PortsView | null): number | null {
  const listening = (ports?.listening ?? []).flatMap(({ netns, port }) =>
    netns === world.host ? [port] : [],
  )
  const engines = listOf(world.engines).flatMap(({ containers }) =>
    listOf(containers).flatMap((each) => each.ports.map(({ hostPort }) => hostPort)),
  )
  const taken = new Set([...more, ...listening, ...engines])
  const ranges = (ports?.published ?? []).filter(({ netns }) => netns === world.host)
  for (let port = firstPort; port <= lastPort; port += 1) {
    if (taken.has(port)) continue
    if (!ranges.some((each) => each.hostPort <= port && port <= each.lastPort)) return port
  }
  return null
}

/** Of the words that stand in the field already: of a range, every one. */
function hostPortsIn(text: string): readonly number[] {
  return text.split(/\s+/).flatMap((word) => {
    const [, from, to = from] =
      /(?:^|:)(\d{1,5})(?:-(\d{1,5}))?:\d{1,5}(?:-\d{1,5})?(?:\/\w+)?$/.exec(word) ?? []
    const length = Math.min(lastPort, Number(to)) - Number(from) + 1
    return from === undefined || length < 1 ? [] : Array.from({ length }, (_, at) => Number(from) + at)
  })
}

/** `80`, `53/udp`: what it listens on for others, those first that are not published yet; where nothing is known, 80. */
function portsOfNode(world: World, node: string | undefined, ports: PortsView | null): readonly string[] {
  const found = listOf(world.engines)
    .filter(({ engine }) => engine === 'lab')
    .flatMap(({ containers }) => listOf(containers))
    .find(({ name }) => name === node)
  if (found === undefined) return ['80']
  const text = ({ port, protocol }: { readonly port: number; readonly protocol: string }): string =>
    protocol === 'tcp' ? `${port}` : `${port}/${protocol}`
  const published = new Set(found.ports.map(text))
  const listening = (ports?.listening ?? []).filter(
    ({ netns, address, protocol }) =>
      netns === found.netns && ['tcp', 'udp'].includes(protocol) && !isLoopback(address),
  )
  const all = [...new Set(listening.map(text))]
  const sorted = [...all.filter((each) => !published.has(each)), ...all.filter((each) => published.has(each))]
  return sorted.length === 0 ? ['80'] : sorted
}

const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address)
