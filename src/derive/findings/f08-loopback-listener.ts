/** A port is published, and behind it nothing listens, or only on 127.0.0.1 of the container: connections are refused. */
import type { Finding } from '../../model/finding.ts'
import type { PublishedPort } from '../../model/published-port.ts'
import { stepwise } from '../stepwise.ts'
import { publishedPorts } from '../ports/published-ports.ts'
import { inside, type FindingContext } from './context.ts'
import type { Check } from './finding.ts'

export const loopbackListener: Check = {
  id: 'F08',
  title: 'nothing takes what arrives at a published port',
  check: (context) => {
    const seen = new Set<string>()
    return stepwise(publishedPorts(context.world), (port) => {
      // One container's port published for IPv4 and IPv6, or on several addresses, is one thing to repair.
      const key = `${port.target.netns ?? ''} ${port.target.port} ${port.protocol}`
      if (seen.has(key)) return []
      const found = checkPort(context, port)
      if (found.length > 0) seen.add(key)
      return found
    })
  },
}

function checkPort(context: FindingContext, port: PublishedPort): readonly Finding[] {
  const { target, serves, protocol, hostPort, listening } = port
  const netns = target.netns === null ? undefined : context.byId.get(target.netns)
  if (netns === undefined || (serves !== 'loopback' && serves !== 'no')) return []
  // Whoever answers datagrams may open the socket for each of them.
  if (serves === 'no' && protocol !== 'tcp') return []
  const name = target.container ?? context.names.get(netns.id) ?? netns.id
  const place = `${protocol} ${target.port}`
  const where = 'unknown' in listening ? [] : listening.map(({ address, port }) => `${address}:${port}`)
  return [
    {
      id: 'F08',
      // Between two restarts a server is not there for a moment, and some are started later on purpose.
      severity: serves === 'loopback' ? 'fault' : 'risk',
      subject: name,
      says:
        serves === 'loopback'
          ? `${name} listens on ${where.join(', ')} only: what comes to the published port ${hostPort} is refused`
          : `nothing in ${name} listens on ${place}: what comes to the published port ${hostPort} is refused`,
      evidence: [
        `published: ${port.hostIp}:${hostPort} > ${target.address ?? name}:${target.port}/${protocol}`,
        where.length === 0 ? `no socket listens on ${place}` : `listens: ${where.join(', ')}`,
      ],
      command: inside(context, netns, 'ss', '-Hltn'),
      netns: netns.id,
      ifindex: null,
    },
  ]
}
