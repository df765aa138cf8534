/** Which namespaces of a World a plan must know in all their parts, as NETNS texts. */
import { resolveNetns } from '../../derive/resolve-netns.ts'
import { listOf } from '../../model/known.ts'
import type { Intent } from '../../model/intent.ts'
import type { World } from '../../model/world.ts'

/** What of an intent may name one: a node's name does too. */
const keys: ReadonlySet<string> = new Set(['netns', 'peerNetns', 'to', 'node', 'of', 'name'])

export function namedIn(intent: Intent): readonly string[] {
  if (intent.kind === 'net-apply') {
    const { nodes = {}, links = [] } = intent.file
    return [...new Set([...Object.keys(nodes), ...links.flatMap(({ ends }) => ends.map((end) => end.in))])]
  }
  const texts = Object.entries(intent).flatMap(([key, value]) =>
    keys.has(key) && typeof value === 'string' ? [value] : [],
  )
  return [...new Set(texts)]
}

const removing: ReadonlySet<Intent['kind']> = new Set([
  'netns-rm',
  'link-rm',
  'link-move',
  'bridge-rm',
  'net-rm',
  'net-prune',
  'net-disconnect',
  'node-rm',
  'net-apply',
] as const)

/** Who is at the other end of what is removed: that end goes too, and what was set there. */
export function peersIn(world: World, intent: Intent): readonly string[] {
  if (!removing.has(intent.kind)) return []
  const named = namedIn(intent).flatMap((text) => {
    const found = resolveNetns(world, text)
    return found.ok ? [found.value] : []
  })
  const only = 'link' in intent ? intent.link : null
  const ids = named.flatMap((netns) =>
    listOf(netns.links)
      .filter(({ name }) => only === null || name === only)
      .flatMap(({ lower }) => listOf(netns.nsids).filter(({ nsid }) => nsid === lower?.nsid))
      .flatMap(({ id }) => id ?? []),
  )
  return [...new Set(ids)].filter((id) => isUnread(world, id)).map((id) => `ino:${id}`)
}

function isUnread(world: World, id: string): boolean {
  return world.netns.some((netns) => netns.id === id && netns.details === null)
}

/** Whether an engine has to tell what there is before anything can be planned. */
export function asksEngine(intent: Intent): boolean {
  if (intent.kind !== 'net-apply') return 'engine' in intent && intent.engine !== 'lab'
  const { networks = {}, containers = {} } = intent.file
  return Object.keys(containers).length > 0 || Object.values(networks).some(({ engine }) => engine !== 'lab')
}
