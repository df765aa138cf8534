/** The JSON Schema of a file of networks, for editors: short forms too, each key with what it means. */
import { z } from 'zod'
import { networkFileSchema } from '../src/model/network-file.ts'

type Schema = { readonly [key: string]: unknown }

/** Path of keys → what stands there. `*` is any name or member; `of` marks the long form where a short one is there too. */
const descriptions: Readonly<Record<string, string>> = {
  vethscope: 'The format’s number: 1',
  networks: 'Name → network',
  'networks.*': 'A network. What is not said is Docker’s default',
  'networks.*.engine': 'Whose it is: lab (plain Linux, made by vethscope itself; the default), docker, podman',
  'networks.*.driver':
    'Default: bridge. lab: bridge, vxlan, macvlan, ipvlan; Docker and Podman: what they have',
  'networks.*.subnets': 'One of a family. None: the next free one',
  'networks.*.subnets.*': 'A subnet such as 10.9.0.0/24, alone or with more',
  'networks.*.subnets.*.subnet': 'Such as 10.9.0.0/24 or fd00:9::/64',
  'networks.*.subnets.*.gateway': 'Default: its first address',
  'networks.*.subnets.*.ip_range': 'The part of the subnet that members get addresses of',
  'networks.*.subnets.*.aux_addresses': 'Docker: name → address that no container gets',
  'networks.*.internal': 'No way out of it',
  'networks.*.ipv6': 'With an IPv6 subnet: that of subnets, else a free one',
  'networks.*.icc': 'Whether its members reach each other; default: true',
  'networks.*.masquerade': 'Whether what leaves gets the host’s address; default: true',
  'networks.*.mtu': 'Bytes; default: that of its uplink',
  'networks.*.bridge':
    'lab: a bridge that is there already and stays. Docker, Podman: the name of the one that it makes',
  'networks.*.mac': 'lab: the bridge’s MAC address',
  'networks.*.parent': 'macvlan, ipvlan, vxlan: the host’s link that it stands on',
  'networks.*.mode': 'macvlan: bridge, private, vepa, passthru; ipvlan: l2, l3, l3s',
  'networks.*.vxlan': 'Driver vxlan of the lab: the tunnel to other hosts',
  'networks.*.vxlan.vni': 'The network’s number, the same on each of its hosts',
  'networks.*.vxlan.local': 'This host’s address, that the others send to',
  'networks.*.vxlan.remotes': 'The other hosts’ addresses',
  'networks.*.attachable': 'Docker: containers may be put on a swarm’s network by hand',
  'networks.*.swarm_wide':
    'Docker, driver overlay: it is made on, and removed from, every host of the swarm, and that is meant',
  'networks.*.options': 'The driver’s, by Docker’s or Podman’s own names: name → text',
  'networks.*.labels': 'Name → text',
  nodes: 'Name → node of the lab: a namespace that stands where a container would',
  'nodes.*': 'A node',
  'nodes.*.mode': 'bridge (the default), none, host, container:NAME',
  'nodes.*.networks': 'The networks that it is on; the first that leads out has its default route',
  'nodes.*.networks.*': 'The name of a network, alone or with more',
  'nodes.*.ports': 'Published: [HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp], such as 8080:80',
  'nodes.*.hosts': 'More names that it knows: name → address',
  'nodes.*.routes': 'Beside those that its networks bring',
  'nodes.*.routes.*': 'A route',
  'nodes.*.routes.*.to': 'default, or a prefix such as 10.0.0.0/8',
  'nodes.*.routes.*.via': 'The next router’s address',
  'nodes.*.routes.*.link': 'The link by which it goes',
  'nodes.*.routes.*.src': 'The source address',
  'nodes.*.routes.*.metric': 'The lowest is taken',
  containers: 'Name → container that its engine has already. It stays on networks that are not named here',
  'containers.*': 'A container',
  'containers.*.engine': 'docker (the default) or podman',
  'containers.*.networks': 'The networks that it is to be on',
  'containers.*.networks.*': 'The name of a network, alone or with more',
  links: 'Veth pairs that are no network’s',
  'links.*': 'A veth pair',
  'links.*.ends': 'Its two ends',
  'links.*.ends.*': 'One end',
  'links.*.ends.*.in': 'A node of this file, host, or any other namespace',
  'links.*.ends.*.name': 'The link’s name there',
  'links.*.ends.*.addresses': 'With length: 10.0.0.1/24',
  'links.*.mtu': 'Bytes, of both ends; default: 1500',
}

/** Of a connection, of nodes and containers alike. */
const ofConnection: Readonly<Record<string, string>> = {
  name: 'The network’s name',
  ip: 'Its IPv4 address there; none: the next free one',
  ip6: 'Its IPv6 address there',
  mac: 'Its MAC address there',
  aliases: 'More names by which members of the network know it',
  links: 'NODE or NODE:ALIAS: the other’s name, known here alone (--link)',
}

/** Where a text alone is short for an object, and with which key. */
const short: Readonly<Record<string, string>> = {
  'networks.*.subnets.*': 'subnet',
  'nodes.*.networks.*': 'name',
  'containers.*.networks.*': 'name',
}

export function networkFileJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(networkFileSchema, { io: 'input' })
  const title = 'vethscope file of networks'
  return `${JSON.stringify({ $schema, title, ...described(rest, []) }, null, 1)}\n`
}

/** Throws where a key has no description: each must have one. */
function described(schema: Schema, path: readonly string[]): Schema {
  const at = path.join('.')
  const inside = withInside(schema, path)
  const { [at]: key } = short
  const form = key === undefined ? inside : { anyOf: [{ type: 'string' }, inside] }
  return path.length === 0 ? form : { description: descriptionOf(path), ...form }
}

function descriptionOf(path: readonly string[]): string {
  const last = path.at(-1) ?? ''
  const isText = path.at(-1) === '*' && !Object.hasOwn(descriptions, path.join('.'))
  if (isText) return 'A text'
  const isConnection = /^(?:nodes|containers)\.\*\.networks\.\*\.[^.]+$/.test(path.join('.'))
  const text = isConnection ? ofConnection[last] : descriptions[path.join('.')]
  if (text === undefined) throw new Error(`docs/network-file-schema.ts has no description of ${path.join('.')}`)
  return text
}

function withInside(schema: Schema, path: readonly string[]): Schema {
  const each = (value: unknown, part: string): unknown =>
    isSchema(value) ? described(value, [...path, part]) : value
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' && isSchema(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, member]) => [name, each(member, name)]))]
      if (key === 'prefixItems' && Array.isArray(value)) return [key, value.map((member) => each(member, '*'))]
      return key === 'items' || key === 'additionalProperties' ? [key, each(value, '*')] : [key, value]
    }),
  )
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
