/** What the user may call the far end of a probe: an address, `gateway`, a container, an alias, or any other name. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { parseIp } from '../../lib/ip.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Sought, Target } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { allContainers } from '../containers.ts'
import { resolverOf } from './resolver.ts'

type Family = 4 | 6

/** `family`: only such an address will do; null: either, IPv4 first. */
export function soughtOf(
  world: World,
  from: Netns,
  text: string,
  family: Family | null = null,
): Outcome<Sought> {
  if (text === '' || text.startsWith('-') || /[\s\0]/.test(text)) return failed(notATarget(text))
  const [plain = ''] = text.split('%')
  const ip = parseIp(plain)
  if (ip !== null) {
    return succeeded({ text, address: text, family: ip.family === 'inet' ? 4 : 6, from: null })
  }
  if (text === 'gateway') return gatewayOf(from, family)
  const container = ofContainer(world, from, text, family)
  if (container !== null) return succeeded(container)
  return succeeded({ text, family, resolver: resolverOf(world, from) })
}

function notATarget(text: string): Failure {
  return {
    kind: 'usage',
    what: `"${text}" is not a target`,
    subject: text,
    hint: 'give an address, a container’s or an alias’s name, a host name, or "gateway"',
  }
}

function gatewayOf(from: Netns, family: Family | null): Outcome<Target> {
  const via = listOf(from.routes)
    .filter(({ dst }) => dst === 'default' || dst === '0.0.0.0/0' || dst === '::/0')
    .flatMap((route) => ('gateway' in route && typeof route.gateway === 'string' ? [route.gateway] : []))
  const fits = via.flatMap((address): readonly Target[] => {
    const ip = parseIp(address)
    if (ip === null) return []
    const its: Family = ip.family === 'inet' ? 4 : 6
    return family === null || family === its
      ? [{ text: 'gateway', address, family: its, from: 'default gateway' }]
      : []
  })
  const first = fits.find((target) => target.family === 4) ?? fits[0]
  return first === undefined
    ? failed({ kind: 'not-found', what: 'there is no default gateway', subject: 'gateway' })
    : succeeded(first)
}

/** Of several networks one that the probe's own container is on too, because only there it is a neighbour. */
function ofContainer(world: World, from: Netns, text: string, family: Family | null): Target | null {
  const own = new Set(
    allContainers(world)
      .filter(({ container }) => container.netns === from.id)
      .flatMap(({ container }) => container.endpoints.map(({ networkId }) => networkId)),
  )
  const ends = allContainers(world).flatMap(({ container }) =>
    container.endpoints.flatMap((endpoint) =>
      container.name === text || endpoint.aliases.includes(text)
        ? targetsOf(text, container.name, endpoint).map((target) => ({
            target,
            isNear: own.has(endpoint.networkId),
          }))
        : [],
    ),
  )
  const fits = ends.filter(({ target }) => family === null || target.family === family)
  const best = fits.find(({ isNear }) => isNear) ?? fits[0]
  return best?.target ?? null
}

function targetsOf(
  text: string,
  name: string,
  {
    ipv4,
    ipv6,
    network,
  }: { readonly ipv4: string | null; readonly ipv6: string | null; readonly network: string },
): readonly Target[] {
  const from = `container ${name} on ${network}`
  const addressOf = (prefixed: string): string => prefixed.split('/')[0] ?? prefixed
  return [
    ...(ipv4 === null ? [] : [{ text, address: addressOf(ipv4), family: 4, from } as const]),
    ...(ipv6 === null ? [] : [{ text, address: addressOf(ipv6), family: 6, from } as const]),
  ]
}
