/** A lab as an engine like Docker: its nodes are containers, so that whatever shows containers shows them. Pure. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { Container, Engine, EngineNetwork } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { HostLab, LabNetwork, LabNode } from '../../model/lab.ts'

export function labEngine(lab: HostLab, netnsOf: (name: string) => NetnsId | null): Engine {
  return {
    engine: 'lab',
    endpoint: `/run/vethscope/${lab.host}`,
    version: null,
    netns: lab.host,
    rootless: false,
    containers: lab.nodes.map((node) => containerOf(node, lab, netnsOf(node.name))),
    networks: lab.networks.map((network) => networkOf(network, lab.nodes)),
    warnings:
      lab.unfinished === null
        ? []
        : [`change ${lab.unfinished} was begun and not ended: vethscope cleanup takes it back`],
  }
}

function containerOf(node: LabNode, lab: HostLab, netns: NetnsId | null): Container {
  return {
    id: node.name,
    name: node.name,
    image: '',
    state: netns === null ? 'dead' : 'running',
    pid: null,
    mode: node.mode === 'container' ? `container:${node.of ?? ''}` : node.mode,
    modeKind: node.mode === 'bridge' ? 'network' : node.mode,
    joins: node.mode === 'container' ? node.of : null,
    netns,
    hostName: null,
    endpoints: node.endpoints.map((each) => {
      const subnets = lab.networks.find(({ name }) => name === each.network)?.subnets ?? []
      const gateway = (isV6: boolean) =>
        subnets.find(({ subnet }) => subnet.includes(':') === isV6)?.gateway ?? null
      return {
        network: each.network,
        networkId: each.network,
        endpointId: `${each.network}/${node.name}`,
        mac: each.mac,
        ipv4: each.ipv4,
        ipv6: each.ipv6,
        gateway: each.ipv4 === null ? null : gateway(false),
        gateway6: each.ipv6 === null ? null : gateway(true),
        aliases: each.aliases,
      }
    }),
    ports: node.ports,
    labels: {},
    error: null,
  }
}

/** Options by Docker's own names, so that one table shows both. */
function networkOf(network: LabNetwork, nodes: readonly LabNode[]): EngineNetwork {
  const { name, driver, subnets, bridge, parent, internal, ipv6, options, labels } = network
  return {
    id: name,
    name,
    driver,
    scope: 'local',
    subnets: subnets.map(({ subnet, gateway }) => ({ subnet, gateway })),
    bridge,
    parent,
    internal,
    ipv6,
    options: {
      ...options,
      [dockerOptions.icc]: String(network.icc),
      [dockerOptions.masquerade]: String(network.masquerade),
      [dockerOptions.mtu]: String(network.mtu),
      ...(network.mode === null ? {} : { [`${driver}_mode`]: network.mode }),
      ...(network.vxlan === null
        ? {}
        : {
            vni: String(network.vxlan.vni),
            local: network.vxlan.local,
            remotes: network.vxlan.remotes.join(','),
          }),
    },
    labels,
    members: nodes.flatMap((node) =>
      node.endpoints
        .filter((each) => each.network === name)
        .map(({ mac, ipv4, ipv6 }) => ({ containerId: node.name, name: node.name, mac, ipv4, ipv6 })),
    ),
  }
}
