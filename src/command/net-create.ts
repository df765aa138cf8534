import { labDrivers } from '../model/lab-words.ts'
import { gatewayModes } from '../change/engine/docker-options.ts'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Intent } from '../model/intent.ts'
import { changeCommand } from './change-flow.ts'
import { isTrue, pairsOf, trueOrFalse } from './change-words.ts'
import { engineOptions, withoutOptions } from './engine-option.ts'
import { engineNetWish } from './net-create-wish.ts'

export const netCreate = changeCommand({
  name: 'net create',
  summary: 'make a network of plain Linux, as Docker would make it; or let an engine make one',
  description: [
    'Driver bridge: a bridge with the gateway’s address, MASQUERADE for the subnet, isolated from other lab networks. vxlan: the same, with a vxlan port to other hosts. macvlan, ipvlan: members are links on a parent, and the host does not reach them.',
    'Without --subnet the next free one is taken, as Docker would. Names of options are Docker’s.',
    'With --engine docker or podman that engine is asked to make it, over its socket, as its own command line does. An overlay is on every host of the swarm: it needs --swarm-wide.',
  ],
  examples: [
    'vethscope net create lab0',
    'vethscope net create lab1 --subnet 10.9.0.0/24 --internal --dry-run',
    'vethscope net create far --driver vxlan --vni 42 --remote 192.0.2.2',
    'vethscope net create web --engine docker --subnet 10.5.0.0/24 --icc=false',
  ],
  arguments: { name: { value: 'NAME', summary: 'its name', required: true } },
  options: {
    driver: {
      type: 'text',
      value: 'DRIVER',
      names: 'drivers',
      summary: 'bridge, macvlan, ipvlan; of a lab vxlan, of Docker overlay and plugins; default: bridge',
    },
    subnet: { type: 'texts', value: 'CIDR', summary: 'of a family; IPv4, IPv6 or both' },
    gateway: { type: 'texts', value: 'IP', summary: 'of a subnet; default: its first address' },
    'ip-range': {
      type: 'texts',
      value: 'CIDR',
      summary: 'the part of a subnet that members get; of Podman FIRST-LAST, too',
    },
    'aux-address': {
      type: 'texts',
      value: 'NAME=IP',
      summary: 'of Docker: an address that no container gets; several',
    },
    bridge: {
      type: 'text',
      short: 'b',
      value: 'BRIDGE',
      summary:
        'of a lab: use this bridge, which is there already and stays; of an engine: what the one that it makes is called',
    },
    parent: { type: 'text', value: 'LINK', summary: 'of macvlan, ipvlan: the link they stand on' },
    mode: {
      type: 'text',
      value: 'MODE',
      summary: 'of macvlan: bridge, private, vepa, passthru; of ipvlan: l2, l3, l3s',
    },
    vni: { type: 'integer', value: 'N', min: 0, max: 16_777_215, summary: 'of vxlan: its number' },
    local: {
      type: 'text',
      value: 'IP',
      summary: 'of vxlan: the address of this host that the others send to',
    },
    remote: { type: 'texts', value: 'IP', summary: 'of vxlan: another host’s address; several' },
    mtu: { type: 'integer', value: 'BYTES', min: 68, max: 65_535, summary: 'default: that of its uplink' },
    'mac-address': { type: 'text', value: 'MAC', summary: 'of its bridge' },
    internal: { type: 'switch', summary: 'no way out of it' },
    ipv6: { type: 'switch', summary: 'with an IPv6 subnet' },
    icc: { type: 'choice', choices: trueOrFalse, summary: 'whether members reach each other' },
    'ip-masq': {
      type: 'choice',
      choices: trueOrFalse,
      summary: 'whether what leaves gets the host’s address',
    },
    'host-binding': {
      type: 'text',
      value: 'IP',
      summary: 'of Docker: published ports are on this address where none is given',
    },
    'gateway-mode': {
      type: 'choice',
      value: 'MODE',
      choices: gatewayModes,
      summary: 'of Docker: how IPv4 gets out and in',
    },
    'gateway-mode-6': {
      type: 'choice',
      value: 'MODE',
      choices: gatewayModes,
      summary: 'of Docker: how IPv6 gets out and in',
    },
    'trusted-host-interfaces': {
      type: 'text',
      value: 'LINK[:LINK]',
      summary: 'of Docker: who comes in by these reaches published ports by the containers’ own addresses',
    },
    attachable: { type: 'switch', summary: 'of Docker: an overlay that containers can be connected to' },
    ingress: {
      type: 'switch',
      summary: 'of Docker: the overlay by which published ports of services come in',
    },
    opt: {
      type: 'texts',
      short: 'o',
      value: 'KEY=VALUE',
      summary: 'an option by Docker’s own name; several',
    },
    label: { type: 'texts', value: 'KEY=VALUE', summary: 'said of it; several' },
    'accept-in-foreign': {
      type: 'switch',
      summary: 'put an accept into a foreign nft chain that would drop its packets',
    },
    'swarm-wide': {
      type: 'switch',
      summary: 'of Docker: a network of a swarm is meant, which is on every host of it',
    },
    ...engineOptions,
  },
  wish: (values) => {
    const options = pairsOf('opt', values.opt)
    if (!options.ok) return options
    const labels = pairsOf('label', values.label)
    if (!labels.ok) return labels
    const { engine = 'lab', socket, vni, local, remote } = values
    const given = { ...values, options: options.value, labels: labels.value }
    if (engine === 'lab') {
      const notOfLab = {
        'aux-address': values['aux-address'],
        'host-binding': values['host-binding'],
        'gateway-mode': values['gateway-mode'],
        'gateway-mode-6': values['gateway-mode-6'],
        'trusted-host-interfaces': values['trusted-host-interfaces'],
        attachable: values.attachable,
        ingress: values.ingress,
        'swarm-wide': values['swarm-wide'],
        socket,
      }
      return withoutOptions(engine, notOfLab, () => labWish(given))
    }
    const ofLab = {
      vni,
      local,
      remote,
      'mac-address': values['mac-address'],
      'accept-in-foreign': values['accept-in-foreign'],
    }
    return withoutOptions(engine, ofLab, () =>
      engineNetWish(engine, socket, {
        ...given,
        ipRange: values['ip-range'],
        auxAddress: values['aux-address'],
        masquerade: values['ip-masq'],
        hostBinding: values['host-binding'],
        gatewayMode: values['gateway-mode'],
        gatewayMode6: values['gateway-mode-6'],
        trusted: values['trusted-host-interfaces'],
        swarmWide: values['swarm-wide'],
      }),
    )
  },
})

type LabValues = {
  readonly name: string
  readonly driver: string | undefined
  readonly subnet: readonly string[]
  readonly gateway: readonly string[]
  readonly 'ip-range': readonly string[]
  readonly bridge: string | undefined
  readonly parent: string | undefined
  readonly mode: string | undefined
  readonly vni: number | undefined
  readonly local: string | undefined
  readonly remote: readonly string[]
  readonly mtu: number | undefined
  readonly 'mac-address': string | undefined
  readonly internal: boolean
  readonly ipv6: boolean
  readonly icc: 'true' | 'false' | undefined
  readonly 'ip-masq': 'true' | 'false' | undefined
  readonly 'accept-in-foreign': boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

function labWish(values: LabValues): Outcome<Intent> {
  const { name, subnet, gateway, bridge, parent, mode, vni, local, remote, mtu, options, labels } = values
  const mac = values['mac-address']
  const driver = labDrivers.find((each) => each === (values.driver ?? 'bridge'))
  if (driver === undefined)
    return failed({
      kind: 'usage',
      what: `--driver cannot be "${sanitise(values.driver ?? '')}"`,
      hint: `only ${labDrivers.join(', ')}; others are of --engine docker`,
    })
  return succeeded({
    kind: 'net-create',
    name,
    driver,
    subnets: subnet,
    gateways: gateway,
    ipRanges: values['ip-range'],
    remotes: remote,
    internal: values.internal,
    ipv6: values.ipv6,
    icc: isTrue(values.icc, true),
    masquerade: isTrue(values['ip-masq'], true),
    options,
    labels,
    acceptInForeign: values['accept-in-foreign'],
    ...(bridge === undefined ? {} : { bridge }),
    ...(parent === undefined ? {} : { parent }),
    ...(mode === undefined ? {} : { mode }),
    ...(vni === undefined ? {} : { vni }),
    ...(local === undefined ? {} : { local }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
  })
}
