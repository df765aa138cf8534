/** Published ports of a file as the lab writes them down. */
import type { Lab, LabNode } from '../../model/lab.ts'
import { portsNamed, publishText } from '../rules/ports.ts'
import { planned, type Planned } from '../planner.ts'

/** One a port: `0.0.0.0:8080:80/tcp`. What names no address is for IPv6 too where the node has that. */
export function portsOf(
  texts: readonly string[],
  lab: Lab,
  networks: Iterable<string>,
  node: LabNode,
): Planned<readonly string[]> {
  const six = [...networks].some((name) => {
    const endpoint = node.endpoints.find(({ network }) => network === name)
    return endpoint === undefined
      ? lab.networks.some((each) => each.name === name && each.ipv6)
      : endpoint.ipv6 !== null
  })
  const ports: string[] = []
  for (const text of texts) {
    const named = portsNamed([text])
    if (!named.ok) return named
    const isFour = named.value.some(({ hostIp }) => !hostIp.includes(':'))
    ports.push(
      ...named.value.filter(({ hostIp }) => six || !isFour || !hostIp.includes(':')).map(publishText),
    )
  }
  return planned(ports)
}

export function portsThere({ ports }: LabNode): readonly string[] {
  return ports.map(publishText)
}
