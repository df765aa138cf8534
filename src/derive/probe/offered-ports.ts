/** What a probe could try, as it is typed: `redis123:6379`, and URLs of what may be pages. */
import type { Netns } from '../../model/netns.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import { bracketed, portTargets, type PortTarget } from './port-targets.ts'
import { targetHosts } from './targets-hosts.ts'
import type { OfferedTarget, Pointed } from './targets.ts'

export function offeredPorts(
  world: World,
  from: Netns,
  protocol: 'tcp' | 'udp',
  pointed: Pointed,
  ports: PortsView | null,
): readonly OfferedTarget[] {
  const known = portTargets(world, from, protocol, pointed, ports).map(({ host, port, ...told }) => ({
    text: `${bracketed(host)}:${port}`,
    ...told,
  }))
  const hosts = targetHosts(world, from, pointed).map(({ text, says }) => ({
    text: `${bracketed(text)}:`,
    says,
    isBeginning: true,
  }))
  return [...known, ...hosts]
}

/** No page is asked of these: ssh, smtp, dns, databases, brokers. */
const otherwise = new Set([
  21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 3306, 5432, 5672, 6379, 11_211, 27_017,
])
const encrypted = new Set([443, 8443, 9443, 6443])
/** The likeliest first. */
const usual: readonly number[] = [80, 8080, 8000, 3000, 443, 8443, 5000]

export function offeredUrls(
  world: World,
  from: Netns,
  pointed: Pointed,
  ports: PortsView | null,
): readonly OfferedTarget[] {
  const found = portTargets(world, from, 'tcp', pointed, ports).filter(({ port }) => !otherwise.has(port))
  const isEnd = ({ host, port }: PortTarget): boolean =>
    pointed.ends.some((end) => end.address === host && end.port === port)
  const rank = (each: PortTarget): number => {
    const at = usual.indexOf(each.port)
    return isEnd(each) ? -1 : at === -1 ? usual.length : at
  }
  return found
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ host, port, ...told }) => ({ text: urlOf(host, port), ...told }))
    .concat(targetHosts(world, from, pointed).map(({ text, says }) => ({ text: urlOf(text, 80), says })))
}

function urlOf(host: string, port: number): string {
  const scheme = encrypted.has(port) ? 'https' : 'http'
  const isUsual = port === (scheme === 'https' ? 443 : 80)
  return `${scheme}://${bracketed(host)}${isUsual ? '' : `:${port}`}/`
}
