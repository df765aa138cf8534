import { labDrivers } from '../model/lab-words.ts'
import { changeCommand } from './change-flow.ts'
import { isTrue, pairsOf, trueOrFalse } from './change-words.ts'
import { engineOption, onlyLab } from './engine-option.ts'

export const netCreate = changeCommand({
  name: 'net create',
  summary: 'make a network of plain Linux, as Docker would make it',
  description: [
    'Driver bridge: a bridge with the gateway’s address, MASQUERADE for the subnet, isolated from other lab networks. vxlan: the same, with a vxlan port to other hosts. macvlan, ipvlan: members are links on a parent, and the host does not reach them.',
    'Without --subnet the next free one is taken, as Docker would. Names of options are Docker’s.',
  ],
  examples: [
    'vethscope net create lab0',
    'vethscope net create lab1 --subnet 10.9.0.0/24 --internal --dry-run',
    'vethscope net create far --driver vxlan --vni 42 --remote 192.0.2.2',
  ],
  arguments: { name: { value: 'NAME', summary: 'its name', required: true } },
  options: {
    driver: { type: 'choice', value: 'DRIVER', choices: labDrivers, summary: 'default: bridge' },
    subnet: { type: 'texts', value: 'CIDR', summary: 'of a family; IPv4, IPv6 or both' },
    gateway: { type: 'texts', value: 'IP', summary: 'of a subnet; default: its first address' },
    'ip-range': { type: 'texts', value: 'CIDR', summary: 'the part of a subnet that members get' },
    bridge: {
      type: 'text',
      short: 'b',
      value: 'BRIDGE',
      summary: 'use this bridge, which is there already and stays',
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
      summary: 'of vxlan: the address of this host; default: the one that leads to the first remote',
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
    ...engineOption,
  },
  wish: (values) => {
    const { name, driver, subnet, gateway, bridge, parent, mode, vni, local, remote, mtu } = values
    const options = pairsOf('opt', values.opt)
    if (!options.ok) return options
    const labels = pairsOf('label', values.label)
    if (!labels.ok) return labels
    const mac = values['mac-address']
    return onlyLab(values.engine, {
      kind: 'net-create',
      name,
      driver: driver ?? 'bridge',
      subnets: subnet,
      gateways: gateway,
      ipRanges: values['ip-range'],
      remotes: remote,
      internal: values.internal,
      ipv6: values.ipv6,
      icc: isTrue(values.icc, true),
      masquerade: isTrue(values['ip-masq'], true),
      options: options.value,
      labels: labels.value,
      acceptInForeign: values['accept-in-foreign'],
      ...(bridge === undefined ? {} : { bridge }),
      ...(parent === undefined ? {} : { parent }),
      ...(mode === undefined ? {} : { mode }),
      ...(vni === undefined ? {} : { vni }),
      ...(local === undefined ? {} : { local }),
      ...(mtu === undefined ? {} : { mtu }),
      ...(mac === undefined ? {} : { mac }),
    })
  },
})
