/** Published ports as a file has them: `8080:80`, `8000-8003:8000-8003/udp`, `127.0.0.1:53:53/udp`. */
import type { LabPort } from '../model/lab.ts'

/** A run of ports beside each other, of one address of the host. */
type Range = LabPort & { readonly count: number }

/**
 * `ipv6`: the node has an address of that family, so that a port for which no address is named is published for both.
 * As few texts as say the same.
 */
export function portTexts(ports: readonly LabPort[], ipv6: boolean): readonly string[] {
  const ranges = rangesOf(ports)
  const has = (range: Range, hostIp: string): boolean =>
    ranges.some((each) => each.hostIp === hostIp && tail(each) === tail(range))
  return ranges.flatMap((range) => {
    const { hostIp } = range
    if (hostIp === '0.0.0.0' && (!ipv6 || has(range, '::'))) return [tail(range)]
    if (hostIp === '::' && ipv6 && has(range, '0.0.0.0')) return []
    return [`${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:${tail(range)}`]
  })
}

/** In the order in which they were published first. */
function rangesOf(ports: readonly LabPort[]): readonly Range[] {
  const ranges: Range[] = []
  for (const port of ports) {
    const at = ranges.findIndex((range) => isNext(range, port))
    const range = ranges[at]
    if (range === undefined) ranges.push({ ...port, count: 1 })
    else ranges[at] = { ...range, count: range.count + 1 }
  }
  return ranges
}

function isNext(range: Range, port: LabPort): boolean {
  return (
    range.hostIp === port.hostIp &&
    range.protocol === port.protocol &&
    range.hostPort + range.count === port.hostPort &&
    range.port + range.count === port.port
  )
}

function tail({ hostPort, port, count, protocol }: Range): string {
  const to = (first: number): string => (count === 1 ? String(first) : `${first}-${first + count - 1}`)
  return `${to(hostPort)}:${to(port)}${protocol === 'tcp' ? '' : `/${protocol}`}`
}
