/** The form that makes a network: of a lab, or of an engine with the engine's own choices. */
import { labDrivers } from '../../model/lab-words.ts'
import { bridgeWords, linkWords } from '../select/change-offers.ts'
import type { Form, FormField, Values } from './form.ts'
import { isLab, meantEngine } from './form-host.ts'
import { engine, isDocker, isEngines, mac, name, noYes, socket, swarmWide, yesNo } from './net-fields.ts'

const driver = (values: Values): string => values['driver'] ?? 'bridge'
const isStacked = (values: Values): boolean => ['macvlan', 'ipvlan'].includes(driver(values))
/** Of a lab an overlay is a bridge, too. */
const hasBridge = (values: Values): boolean =>
  driver(values) === 'bridge' || (isLab(values) && driver(values) === 'vxlan')
const hasParent = (values: Values): boolean => isStacked(values) || isVxlan(values)
const isVxlan = (values: Values): boolean => isLab(values) && driver(values) === 'vxlan'
const isOverlay = (values: Values): boolean => isEngines(values) && driver(values) === 'overlay'
const isDockerBridge = (values: Values): boolean => isDocker(values) && driver(values) === 'bridge'

const gatewayModes = ['nat', 'nat-unprotected', 'routed', 'isolated'] as const

const usual: readonly FormField[] = [
  engine,
  socket,
  name,
  {
    id: 'driver',
    label: 'driver',
    where: { as: 'option', name: '--driver' },
    choices: (values, host) =>
      isLab(values)
        ? labDrivers
        : [
            'bridge',
            'macvlan',
            'ipvlan',
            ...(meantEngine(host, values)?.isManager === true ? ['overlay'] : []),
          ],
  },
  {
    ...swarmWide,
    when: (values) => isOverlay(values) || values['swarm-wide'] === 'yes',
    hint: 'yes: it is made for every host of the swarm',
  },
  {
    id: 'subnet',
    label: 'subnet',
    where: { as: 'options', name: '--subnet' },
    hint: 'empty: the next free one',
  },
  {
    id: 'gateway',
    label: 'gateway',
    where: { as: 'options', name: '--gateway' },
    hint: 'empty: the first address',
  },
  {
    id: 'parent',
    label: 'parent',
    where: { as: 'option', name: '--parent' },
    when: hasParent,
    offers: (world) => linkWords(world, 'host'),
    hint: 'the link it stands on',
  },
  {
    id: 'mode',
    label: 'mode',
    where: { as: 'option', name: '--mode' },
    when: isStacked,
    offers: (_, values) =>
      driver(values) === 'ipvlan' ? ['l2', 'l3', 'l3s'] : ['bridge', 'private', 'vepa', 'passthru'],
  },
  { id: 'vni', label: 'vni', where: { as: 'option', name: '--vni' }, when: isVxlan },
  {
    id: 'local',
    label: 'local',
    where: { as: 'option', name: '--local' },
    when: isVxlan,
    hint: 'this host’s address',
  },
  {
    id: 'remote',
    label: 'remotes',
    where: { as: 'options', name: '--remote' },
    when: isVxlan,
    hint: 'other hosts’ addresses',
  },
  {
    id: 'internal',
    label: 'internal',
    where: { as: 'switch', name: '--internal' },
    choices: yesNo,
    hint: 'no way out of it',
  },
  {
    id: 'attachable',
    label: 'attachable',
    where: { as: 'switch', name: '--attachable' },
    choices: yesNo,
    when: isDocker,
    hint: 'of a swarm: also by containers that are no service’s',
  },
  { id: 'ipv6', label: 'ipv6', where: { as: 'switch', name: '--ipv6' }, choices: yesNo },
  {
    id: 'icc',
    label: 'icc',
    where: { as: 'false', name: '--icc' },
    choices: noYes,
    when: (values) => isLab(values) || isDockerBridge(values),
    hint: 'members reach each other',
  },
  {
    id: 'ip-masq',
    label: 'masquerade',
    where: { as: 'false', name: '--ip-masq' },
    choices: noYes,
    hint: 'what leaves gets the host’s address',
    when: (values) => (isLab(values) ? hasBridge(values) : isDockerBridge(values)),
  },
]

const rare: readonly FormField[] = [
  {
    id: 'bridge',
    label: 'bridge',
    where: { as: 'option', name: '--bridge', short: '-b' },
    when: hasBridge,
    offers: (world, values) => (isLab(values) ? bridgeWords(world, 'host') : []),
    hint: (_, values) =>
      isLab(values) ? 'empty: one is made; else one that is there, and stays' : 'empty: br- and its id',
  },
  {
    id: 'ip-range',
    label: 'ip range',
    where: { as: 'options', name: '--ip-range' },
    hint: 'the part of the subnet that members get',
  },
  {
    id: 'aux-address',
    label: 'aux address',
    where: { as: 'options', name: '--aux-address' },
    when: isDocker,
    hint: 'NAME=IP that no container gets',
  },
  {
    id: 'mtu',
    label: 'mtu',
    where: { as: 'option', name: '--mtu' },
    hint: (_, values) => (isLab(values) ? 'empty: that of its uplink' : 'empty: the engine’s own'),
  },
  {
    id: 'gateway-mode',
    label: 'gateway mode',
    where: { as: 'option', name: '--gateway-mode' },
    choices: gatewayModes,
    when: isDockerBridge,
    hint: 'Docker 27 and later',
  },
  {
    id: 'gateway-mode-6',
    label: 'of ipv6',
    where: { as: 'option', name: '--gateway-mode-6' },
    choices: gatewayModes,
    when: (values) => isDockerBridge(values) && values['ipv6'] === 'yes',
    hint: 'gateway mode',
  },
  {
    id: 'host-binding',
    label: 'host binding',
    where: { as: 'option', name: '--host-binding' },
    when: isDockerBridge,
    hint: 'the address that ports are published on; empty: all',
  },
  {
    id: 'trusted-host-interfaces',
    label: 'trusted links',
    where: { as: 'option', name: '--trusted-host-interfaces' },
    when: isDockerBridge,
    hint: 'from these containers are reached directly (Docker 28)',
  },
  { ...mac, when: (values) => isLab(values) && hasBridge(values), hint: 'of its bridge; empty: one is made' },
  {
    id: 'opt',
    label: 'options',
    where: { as: 'options', name: '--opt', short: '-o' },
    hint: 'KEY=VALUE, by Docker’s own names',
  },
  { id: 'label', label: 'labels', where: { as: 'options', name: '--label' }, hint: 'KEY=VALUE' },
  {
    id: 'ingress',
    label: 'ingress',
    where: { as: 'switch', name: '--ingress' },
    choices: yesNo,
    when: isOverlay,
    hint: 'the one that published ports of services come in by',
  },
  {
    id: 'accept-in-foreign',
    label: 'accept',
    where: { as: 'switch', name: '--accept-in-foreign' },
    choices: yesNo,
    when: (values) => isLab(values) && hasBridge(values),
    hint: 'in a foreign nft chain that would drop it, too',
  },
]

export const netCreateForm: Form = {
  title: 'make a network',
  verb: ['net', 'create'],
  fields: [...usual, ...rare],
}
