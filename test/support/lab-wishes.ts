/** What the command line asks for where nothing but names is given. */
import type { IntentOf } from '../../src/model/intent.ts'

/** A network as `vethscope net create NAME` asks for it. */
export function network(name: string, fields: Partial<IntentOf<'net-create'>> = {}): IntentOf<'net-create'> {
  return {
    kind: 'net-create',
    name,
    driver: 'bridge',
    subnets: [],
    gateways: [],
    ipRanges: [],
    remotes: [],
    internal: false,
    ipv6: false,
    icc: true,
    masquerade: true,
    options: {},
    labels: {},
    acceptInForeign: false,
    ...fields,
  }
}

type Connection = IntentOf<'net-connect'>['connection']

/** On that network, as `--network NAME` asks for it. */
export function on(name: string, fields: Partial<Connection> = {}): Connection {
  return { network: name, aliases: [], links: [], ...fields }
}

export function node(
  name: string,
  connections: readonly Connection[] = [],
  fields: Partial<IntentOf<'node-add'>> = {},
): IntentOf<'node-add'> {
  return { kind: 'node-add', name, mode: 'bridge', connections, ports: [], ...fields }
}
