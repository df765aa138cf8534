import type { LabNodeShape, UnreadLabShape } from '../command/lab-shapes.ts'
import { isUnknown } from '../model/known.ts'
import type { LabPort } from '../model/lab.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import type { Style } from './style.ts'

/** `node ls`. */
export function labNodesText(
  nodes: readonly (LabNodeShape | UnreadLabShape)[],
  style: Style,
): readonly string[] {
  const heading = ['NODE', 'MODE', 'NETNS', 'NETWORKS', 'PORTS'].map((text) => ({
    text,
    shown: style.paint('dim', text),
  }))
  return columns([heading, ...nodes.map((node) => nodeRow(node, style))])
}

function nodeRow(node: LabNodeShape | UnreadLabShape, style: Style): readonly Cell[] {
  if ('unknown' in node) {
    const text = clean({ unknown: node.unknown })
    return [...Array.from({ length: 4 }, () => ({ text: '?' })), { text, shown: style.paint('yellow', text) }]
  }
  const { name, mode, of, netns, networks, ports } = node
  const shownNetns = isUnknown(netns) ? clean(netns) : netns === null ? 'gone' : clean(netns.name)
  return [
    { text: clean(name), shown: style.paint('bold', clean(name)) },
    { text: of === null ? mode : `${mode}:${clean(of)}` },
    { text: shownNetns },
    {
      text:
        networks
          .map(({ network, link, ipv4, ipv6 }) =>
            [
              clean(network),
              ...[ipv4, ipv6].flatMap((each) => (each === null ? [] : [clean(each)])),
              `(${clean(link)})`,
            ].join(' '),
          )
          .join(', ') || '-',
    },
    { text: portsText(ports) },
  ]
}

export function portsText(ports: readonly LabPort[]): string {
  const texts = ports.map(({ hostIp, hostPort, port, protocol }) => {
    const host = hostIp.includes(':') ? `[${clean(hostIp)}]` : clean(hostIp)
    return `${host}:${hostPort}->${port}/${protocol}`
  })
  return texts.join(', ') || '-'
}
