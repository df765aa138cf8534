/** Ports that a listener could take: those that are published to a container in there, and any. */
import { containersIn } from '../../derive/containers.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

export function listenOffers(
  world: World,
  netns: Netns,
): readonly { readonly text: string; readonly says: string }[] {
  const published = containersIn(world, netns.id)
    .filter(({ container }) => container.modeKind !== 'host')
    .flatMap(({ container }) => container.ports)
    .map(({ port, protocol, hostIp, hostPort }) => ({
      text: protocol === 'udp' ? `${port} --udp` : String(port),
      says: `published as ${hostIp}:${hostPort}: who comes from outside`,
    }))
  return [
    ...published,
    { text: '8080', says: 'on every IPv4 address, TCP' },
    { text: '8080 --http', says: 'a web server that tells who asks' },
    { text: '[::]:8080', says: 'on every address, TCP' },
    { text: '0', says: 'any port that is free' },
  ]
}
