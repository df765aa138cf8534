import type { LabNetworkShape, LabNodeShape, UnreadLabShape } from '../command/lab-shapes.ts'
import { isUnknown } from '../model/known.ts'
import type { LabPort } from '../model/lab.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import type { Style } from './style.ts'
import { definitions } from './wrap.ts'

/** `net inspect`: what it is, then its members. */
export function labNetworkText(network: LabNetworkShape, style: Style): readonly string[] {
  const { name, engine, driver, lab, bridge, parent, subnets, internal, ipv6, options, labels } = network
  const mode = lab?.mode ?? null
  const vxlan = lab?.vxlan ?? null
  const rows: readonly (readonly [string, string])[] = [
    ['engine', clean(engine)],
    ['driver', [clean(driver), ...(mode === null ? [] : [`mode ${clean(mode)}`])].join(', ')],
    ...(bridge === null
      ? []
      : [['bridge', `${clean(bridge)}${lab?.ownsBridge === false ? ', which stays' : ''}`] as const]),
    ...(parent === null ? [] : [['parent', clean(parent)] as const]),
    ...subnets.map(
      ({ subnet, gateway }) =>
        ['subnet', `${clean(subnet)}${gateway === null ? '' : ` by ${clean(gateway)}`}`] as const,
    ),
    ...(vxlan === null
      ? []
      : [
          [
            'vxlan',
            `VNI ${vxlan.vni}, ${clean(vxlan.local)} to ${vxlan.remotes.map((each) => clean(each)).join(', ')}, UDP ${vxlan.dstport}`,
          ] as const,
        ]),
    ['internal', internal ? 'yes' : 'no'],
    ['IPv6', ipv6 ? 'yes' : 'no'],
    ...Object.entries(options).map(([key, value]) => ['option', `${clean(key)}=${clean(value)}`] as const),
    ...Object.entries(labels).map(([key, value]) => ['label', `${clean(key)}=${clean(value)}`] as const),
  ]
  return [
    style.paint('bold', clean(name)),
    ...definitions(
      rows.map(([term, text]) => [{ text: `  ${term}`, shown: `  ${style.paint('dim', term)}` }, text]),
    ),
    ...members(network, style),
  ]
}

function members({ members: all, ports }: LabNetworkShape, style: Style): readonly string[] {
  if (all.length === 0) return ['  no members']
  const heading = ['  MEMBER', 'IPV4', 'IPV6', 'ALIASES', 'PORTS'].map((text) => ({
    text,
    shown: style.paint('dim', text),
  }))
  const rows = all.map(({ name, ipv4, ipv6, aliases }): readonly Cell[] => [
    { text: `  ${clean(name)}` },
    { text: clean(ipv4) },
    { text: clean(ipv6) },
    { text: aliases.map((each) => clean(each)).join(', ') || '-' },
    { text: portsText(ports.filter(({ node }) => node === name)) },
  ])
  return columns([heading, ...rows])
}

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

function portsText(ports: readonly LabPort[]): string {
  const texts = ports.map(({ hostIp, hostPort, port, protocol }) => {
    const host = hostIp.includes(':') ? `[${clean(hostIp)}]` : clean(hostIp)
    return `${host}:${hostPort}->${port}/${protocol}`
  })
  return texts.join(', ') || '-'
}
