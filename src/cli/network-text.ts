import type { LabNetworkShape, OverlayShape } from '../command/lab-shapes.ts'
import type { LinkRefShape } from '../command/shapes.ts'
import { isUnknown } from '../model/known.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import { portsText } from './lab-text.ts'
import type { Style } from './style.ts'
import { definitions } from './wrap.ts'

type Row = readonly [term: string, text: string]

/** `net inspect`: what it is, then who is on it. */
export function networkText(network: LabNetworkShape, style: Style): readonly string[] {
  const rows = [
    ...whatItIs(network),
    ...addressing(network),
    ...extent(network),
    ...overlayRows(network.overlay),
  ]
  return [
    style.paint('bold', clean(network.name)),
    ...definitions(
      rows.map(([term, text]) => [{ text: `  ${term}`, shown: `  ${style.paint('dim', term)}` }, text]),
    ),
    ...members(network, style),
  ]
}

function whatItIs({
  engine,
  id,
  name,
  driver,
  scope,
  lab,
  bridge,
  parent,
  made,
}: LabNetworkShape): readonly Row[] {
  const mode = lab?.mode ?? null
  const stays = lab?.ownsBridge === false ? ', which stays' : ''
  return [
    ['engine', clean(engine)],
    ...(id === name ? [] : [row('id', clean(id))]),
    ['driver', [clean(driver), ...(mode === null ? [] : [`mode ${clean(mode)}`])].join(', ')],
    ...(scope === 'local' ? [] : [row('scope', clean(scope))]),
    ...(bridge === null ? [] : [row('bridge', `${clean(bridge)}${stays}`)]),
    ...(parent === null ? [] : [row('parent', clean(parent))]),
    ...(made?.configOnly === true
      ? [row('configuration', 'for others to be made from; nothing can be on it')]
      : []),
    ...((made?.configFrom ?? null) === null ? [] : [row('made from', clean(made?.configFrom ?? ''))]),
  ]
}

function addressing({ subnets, lab, made }: LabNetworkShape): readonly Row[] {
  const vxlan = lab?.vxlan ?? null
  return [
    ...subnets.flatMap(({ subnet, gateway, ipRange, auxAddresses = {} }) => [
      row('subnet', `${clean(subnet)}${gateway === null ? '' : ` by ${clean(gateway)}`}`),
      ...((ipRange ?? null) === null ? [] : [row('range', `${clean(ipRange ?? '')} is what members get`)]),
      ...Object.entries(auxAddresses).map(([name, address]) =>
        row('set aside', `${clean(address)} (${clean(name)})`),
      ),
    ]),
    ...(made === undefined || made.ipamDriver === 'default' || made.ipamDriver === ''
      ? []
      : [row('addresses by', clean(made.ipamDriver))]),
    ...(vxlan === null
      ? []
      : [
          row(
            'vxlan',
            `VNI ${vxlan.vni}, ${clean(vxlan.local)} to ${vxlan.remotes.map((each) => clean(each)).join(', ')}, UDP ${vxlan.dstport}`,
          ),
        ]),
  ]
}

function extent({ internal, ipv6, made, options, labels }: LabNetworkShape): readonly Row[] {
  const yes = (is: boolean): string => (is ? 'yes' : 'no')
  return [
    ['internal', yes(internal)],
    ['IPv6', yes(ipv6)],
    ...(made === undefined ? [] : [row('attachable', yes(made.attachable))]),
    ...(made?.ingress === true ? [row('ingress', 'published ports of services come in by it')] : []),
    ...Object.entries(options).map(([key, value]) => row('option', `${clean(key)}=${clean(value)}`)),
    ...Object.entries(labels).map(([key, value]) => row('label', `${clean(key)}=${clean(value)}`)),
  ]
}

function overlayRows(overlay: OverlayShape | null): readonly Row[] {
  if (overlay === null) return []
  const { vnis, encrypted, sandbox, segments, peers, balancer, published } = overlay
  const link = ({ netns, name }: LinkRefShape): string => `${clean(name)} in ${clean(netns.name)}`
  const none = 'none on this host: nothing here is on the network'
  return [
    ['VNI', vnis.join(', ') || '-'],
    ['encrypted', encrypted ? 'yes, by IPsec' : 'no'],
    ['namespace', isUnknown(sandbox) ? clean(sandbox) : sandbox === null ? none : clean(sandbox.name)],
    ...segments.map(({ subnet, vni, mtu, dstport, bridge, vxlan }) =>
      row(
        'segment',
        [
          ...(subnet === null ? [] : [clean(subnet)]),
          `${link(bridge)} MTU ${mtu}`,
          vxlan === null ? 'no vxlan yet' : `${link(vxlan)} VNI ${vni ?? '?'} UDP ${dstport ?? '?'}`,
        ].join(', '),
      ),
    ),
    ...peers.map(({ address, name, here, told, remotes }) =>
      row(
        'peer',
        [
          `${clean(address)}${name === null ? '' : ` (${clean(name)})`}`,
          ...(here ? ['this host'] : []),
          ...(told ? [] : ['only in the forwarding table']),
          ...(remotes.length === 0
            ? []
            : [`behind it ${remotes.map(({ address: at, lladdr }) => clean(at ?? lladdr)).join(', ')}`]),
        ].join(', '),
      ),
    ),
    ...(balancer === null
      ? []
      : [
          row(
            'balancer',
            isUnknown(balancer)
              ? clean(balancer)
              : [
                  clean(balancer.netns.name),
                  ...(balancer.address === null ? [] : [clean(balancer.address)]),
                ].join(', '),
          ),
        ]),
    ...(isUnknown(published)
      ? [row('published', clean(published))]
      : published.map(({ hostIp, hostPort, protocol, port }) =>
          row('published', `${clean(hostIp)}:${hostPort}->${port}/${clean(protocol)}`),
        )),
  ]
}

function row(term: string, text: string): Row {
  return [term, text]
}

function members({ places, ports }: LabNetworkShape, style: Style): readonly string[] {
  if (places.length === 0) return ['  no members']
  const heading = ['  MEMBER', 'IPV4', 'IPV6', 'LINK', 'HOST SIDE', 'MAC', 'ALIASES', 'PORTS'].map(
    (text) => ({
      text,
      shown: style.paint('dim', text),
    }),
  )
  const rows = places.map((place): readonly Cell[] => {
    const { name, state, ipv4, ipv6, link, hostLink, mac, aliases } = place
    const isThere = state === 'running' || link !== null
    return [
      { text: `  ${clean(name)}${isThere ? '' : ` (${clean(state)})`}` },
      { text: clean(ipv4) },
      { text: clean(ipv6) },
      { text: link === null ? '-' : isUnknown(link) ? '?' : clean(link.name) },
      { text: hostLink === null ? '-' : clean(hostLink.name) },
      { text: clean(mac) },
      { text: aliases.map((each) => clean(each)).join(', ') || '-' },
      { text: portsText(ports.filter(({ node }) => node === name)) },
    ]
  })
  return columns([heading, ...rows])
}
