/** Forms of the plain pieces: namespaces, links, addresses, routes, settings. */
import { addressWords, bridgeWords, linkWords, netnsWords } from '../select/change-offers.ts'
import type { Form, FormField } from './form.ts'

const netns: FormField = {
  id: 'netns',
  label: 'namespace',
  where: { as: 'word' },
  required: true,
  offers: netnsWords,
}
const link: FormField = {
  id: 'link',
  label: 'link',
  where: { as: 'word' },
  required: true,
  offers: (world, values) => linkWords(world, values['netns']),
}
const newLink: FormField = {
  id: 'link',
  label: 'name',
  where: { as: 'word' },
  required: true,
  hint: 'at most 15 bytes',
}
const mtu: FormField = { id: 'mtu', label: 'mtu', where: { as: 'option', name: '--mtu' } }
const up: FormField = { id: 'up', label: 'up', where: { as: 'switch', name: '--up' }, choices: ['no', 'yes'] }
const dev: FormField = {
  id: 'dev',
  label: 'by link',
  where: { as: 'option', name: '--dev' },
  offers: (world, values) => linkWords(world, values['netns']),
}
const route: readonly FormField[] = [
  netns,
  { id: 'destination', label: 'to', where: { as: 'word' }, required: true, hint: 'default, or a prefix' },
  { id: 'via', label: 'via', where: { as: 'option', name: '--via' }, hint: 'a gateway' },
  dev,
  { id: 'src', label: 'from', where: { as: 'option', name: '--src' }, hint: 'the address it is sent with' },
  { id: 'metric', label: 'metric', where: { as: 'option', name: '--metric' } },
  { id: 'table', label: 'table', where: { as: 'option', name: '--table' }, hint: 'empty: main' },
]
const subnet: FormField = { id: 'subnet', label: 'subnet', where: { as: 'word' }, required: true }
const out: FormField = {
  id: 'out',
  label: 'leaving by',
  where: { as: 'option', name: '--out' },
  offers: (world, values) => linkWords(world, values['netns']),
  hint: 'empty: any link',
}

const ofLink = (title: string, verb: string, ...more: readonly FormField[]): Form => ({
  title,
  verb: ['link', verb],
  fields: [netns, link, ...more],
})

export const plainForms = {
  'netns-add': {
    title: 'make a namespace',
    verb: ['netns', 'add'],
    fields: [{ id: 'name', label: 'name', where: { as: 'word' }, required: true }],
  },
  'netns-rm': {
    title: 'remove the name of a namespace',
    verb: ['netns', 'rm'],
    fields: [{ ...netns, label: 'name' }],
  },
  'veth-add': {
    title: 'make a veth pair',
    verb: ['link', 'add-veth'],
    fields: [
      netns,
      newLink,
      { ...netns, id: 'peerNetns', label: 'other end in' },
      { ...newLink, id: 'peerLink', label: 'its name' },
      mtu,
      { id: 'mac', label: 'mac', where: { as: 'option', name: '--mac' }, hint: 'of the first end' },
      up,
    ],
  },
  'bridge-add': { title: 'make a bridge', verb: ['bridge', 'add'], fields: [netns, newLink, mtu, up] },
  'bridge-rm': {
    title: 'remove a bridge',
    verb: ['bridge', 'rm'],
    fields: [
      netns,
      { ...link, label: 'bridge', offers: (world, values) => bridgeWords(world, values['netns']) },
    ],
  },
  'link-rm': ofLink('remove a link', 'rm'),
  'link-rename': ofLink('rename a link', 'rename', { ...newLink, id: 'new', label: 'new name' }),
  'link-up': ofLink('set a link up', 'up'),
  'link-down': ofLink('set a link down', 'down'),
  'link-mtu': ofLink('set the MTU of a link', 'mtu', {
    id: 'mtu',
    label: 'mtu',
    where: { as: 'word' },
    required: true,
    hint: 'bytes',
  }),
  'link-attach': ofLink('make a link a port of a bridge', 'attach', {
    id: 'bridge',
    label: 'bridge',
    where: { as: 'word' },
    required: true,
    offers: (world, values) => bridgeWords(world, values['netns']),
  }),
  'link-detach': ofLink('take a link off its bridge', 'detach'),
  'link-move': ofLink(
    'move a link into another namespace',
    'move',
    { ...netns, id: 'to', label: 'to' },
    { id: 'name', label: 'name there', where: { as: 'option', name: '--name' }, hint: 'empty: as it is' },
  ),
  'addr-add': {
    title: 'give a link an address',
    verb: ['addr', 'add'],
    fields: [
      netns,
      link,
      {
        id: 'address',
        label: 'address',
        where: { as: 'word' },
        required: true,
        hint: 'with its length: 10.0.0.2/24',
      },
    ],
  },
  'addr-rm': {
    title: 'take an address away',
    verb: ['addr', 'rm'],
    fields: [
      netns,
      link,
      {
        id: 'address',
        label: 'address',
        where: { as: 'word' },
        required: true,
        offers: (world, values) => addressWords(world, values['netns'], values['link']),
      },
    ],
  },
  'route-add': { title: 'add a route', verb: ['route', 'add'], fields: route },
  'route-rm': { title: 'remove a route', verb: ['route', 'rm'], fields: route },
  'sysctl-set': {
    title: 'set a sysctl',
    verb: ['sysctl', 'set'],
    fields: [
      netns,
      {
        id: 'name',
        label: 'name',
        where: { as: 'word' },
        required: true,
        offers: () => ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'],
      },
      { id: 'value', label: 'value', where: { as: 'word' }, required: true },
    ],
  },
  'masquerade-add': {
    title: 'masquerade a subnet',
    verb: ['masquerade', 'add'],
    fields: [netns, subnet, out],
  },
  'masquerade-rm': {
    title: 'no longer masquerade a subnet',
    verb: ['masquerade', 'rm'],
    fields: [netns, subnet, out],
  },
} as const satisfies Readonly<Record<string, Form>>
