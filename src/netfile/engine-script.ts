/** Networks of Docker and Podman as commands of their own command lines. */
import { dockerOptions } from '../model/docker-options.ts'
import type { FileConnection, FileNetwork, NetworkFile } from '../model/network-file.ts'

export type EngineCommands = {
  readonly networks: readonly Argv[]
  /** Of containers that must be there. */
  readonly connections: readonly Argv[]
  /** What the command line has no word for. */
  readonly left: readonly string[]
}

type Argv = readonly string[]

export function engineCommands({ networks = {}, containers = {} }: NetworkFile): EngineCommands {
  const made = Object.entries(networks).filter(([, { engine }]) => engine !== 'lab')
  return {
    networks: made.map(([name, network]) => create(name, network)),
    connections: Object.entries(containers).flatMap(([name, { engine, networks: connections }]) =>
      connections.map((connection) => connect(engine, name, connection)),
    ),
    left: made.flatMap(([name, { engine, driver, bridge }]) =>
      engine === 'podman' && driver === 'bridge' && bridge !== undefined
        ? [`network ${name} of podman: the name of its bridge, ${bridge}`]
        : [],
    ),
  }
}

function create(name: string, network: FileNetwork): Argv {
  const { engine, driver, subnets = [], internal, ipv6, attachable, labels = {} } = network
  const flags = (flag: string, values: readonly (string | undefined)[]): Argv =>
    values.flatMap((value) => (value === undefined ? [] : [flag, value]))
  const pairs = (flag: string, record: Readonly<Record<string, string>>): Argv =>
    flags(
      flag,
      Object.entries(record).map(([key, value]) => `${key}=${value}`),
    )
  return [
    engine,
    'network',
    'create',
    ...(driver === 'bridge' ? [] : ['--driver', driver]),
    ...subnets.flatMap(({ subnet, gateway, ip_range: range, aux_addresses: aux = {} }) => [
      '--subnet',
      subnet,
      ...flags('--gateway', [gateway]),
      ...flags('--ip-range', [range]),
      ...pairs('--aux-address', aux),
    ]),
    ...(ipv6 === true ? ['--ipv6'] : []),
    ...(internal === true ? ['--internal'] : []),
    ...(attachable === true ? ['--attachable'] : []),
    ...pairs('--opt', optionsOf(network)),
    ...pairs('--label', labels),
    name,
  ]
}

/** What has a key in a file is an option there. */
function optionsOf(network: FileNetwork): Readonly<Record<string, string>> {
  const { engine, driver, icc, masquerade, mtu, bridge, parent, mode, options } = network
  const isDocker = engine === 'docker'
  const modeName = driver === 'macvlan' ? dockerOptions.macvlanMode : dockerOptions.ipvlanMode
  return {
    ...(icc === undefined ? {} : { [dockerOptions.icc]: String(icc) }),
    ...(masquerade === undefined ? {} : { [dockerOptions.masquerade]: String(masquerade) }),
    ...(mtu === undefined ? {} : { [isDocker ? dockerOptions.mtu : 'mtu']: String(mtu) }),
    ...(bridge === undefined || !isDocker ? {} : { [dockerOptions.bridge]: bridge }),
    ...(parent === undefined ? {} : { parent }),
    ...(mode === undefined ? {} : { [isDocker ? modeName : 'mode']: mode }),
    ...options,
  }
}

function connect(engine: string, container: string, connection: FileConnection): Argv {
  const { name, ip, ip6, mac, aliases = [], links = [] } = connection
  return [
    engine,
    'network',
    'connect',
    ...(ip === undefined ? [] : ['--ip', ip]),
    ...(ip6 === undefined ? [] : ['--ip6', ip6]),
    // Docker's own command has no word for it but an option of the endpoint.
    ...(mac === undefined ? [] : engine === 'podman' ? ['--mac-address', mac] : []),
    ...aliases.flatMap((alias) => ['--alias', alias]),
    ...links.flatMap((link) => ['--link', link]),
    name,
    container,
  ]
}
