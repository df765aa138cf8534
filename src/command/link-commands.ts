import { failed, succeeded } from '../lib/failure.ts'
import { changeCommand } from './change-flow.ts'
import { numberOf } from './change-words.ts'

const netns = { value: 'NETNS', summary: 'where the link is', required: true } as const
const link = { value: 'LINK', summary: 'its name', required: true } as const
const bridge = { value: 'BRIDGE', summary: 'a bridge in the same namespace', required: true } as const

export const linkCommands = [
  changeCommand({
    name: 'link add-veth',
    summary: 'make a veth pair, each end where it belongs',
    description: ['Both ends are born where they stay, so nothing is renamed or moved.'],
    examples: ['vethscope link add-veth red veth0 blue veth0 --up'],
    arguments: {
      netns: { value: 'NETNS', summary: 'where the first end is', required: true },
      link: { value: 'NAME', summary: 'its name', required: true },
      peerNetns: { value: 'PEER_NETNS', summary: 'where the other end is', required: true },
      peerLink: { value: 'PEER_NAME', summary: 'its name', required: true },
    },
    options: {
      mtu: { type: 'integer', value: 'BYTES', min: 68, max: 65_535, summary: 'of both ends' },
      mac: { type: 'text', value: 'MAC', summary: 'hardware address of the first end' },
      up: { type: 'switch', summary: 'set both ends up' },
    },
    wish: ({ netns, link, peerNetns, peerLink, mtu, mac, up }) =>
      succeeded({
        kind: 'veth-add',
        netns,
        link,
        peerNetns,
        peerLink,
        up,
        ...(mtu === undefined ? {} : { mtu }),
        ...(mac === undefined ? {} : { mac }),
      }),
  }),
  changeCommand({
    name: 'link rm',
    summary: 'remove a link; of a veth the peer goes with it',
    arguments: { netns, link },
    options: {},
    wish: ({ netns, link }) => succeeded({ kind: 'link-rm', netns, link }),
  }),
  changeCommand({
    name: 'link move',
    summary: 'move a link into another namespace; its addresses and routes come with it',
    arguments: {
      netns,
      link,
      to: { value: 'TO_NETNS', summary: 'where it shall be', required: true },
    },
    options: { name: { type: 'text', value: 'NEW', summary: 'its name there' } },
    wish: ({ netns, link, to, name }) =>
      succeeded({ kind: 'link-move', netns, link, to, ...(name === undefined ? {} : { name }) }),
  }),
  changeCommand({
    name: 'link rename',
    summary: 'give a link another name',
    arguments: { netns, link, name: { value: 'NEW', summary: 'its new name', required: true } },
    options: {},
    wish: ({ netns, link, name }) => succeeded({ kind: 'link-rename', netns, link, name }),
  }),
  changeCommand({
    name: 'link up',
    summary: 'set a link up',
    arguments: { netns, link },
    options: {},
    wish: ({ netns, link }) => succeeded({ kind: 'link-up', netns, link }),
  }),
  changeCommand({
    name: 'link down',
    summary: 'set a link down',
    arguments: { netns, link },
    options: {},
    wish: ({ netns, link }) => succeeded({ kind: 'link-down', netns, link }),
  }),
  changeCommand({
    name: 'link attach',
    summary: 'make a link a port of a bridge',
    arguments: { netns, link, bridge },
    options: {},
    wish: ({ netns, link, bridge }) => succeeded({ kind: 'link-attach', netns, link, bridge }),
  }),
  changeCommand({
    name: 'link detach',
    summary: 'take a link off its bridge',
    arguments: { netns, link },
    options: {},
    wish: ({ netns, link }) => succeeded({ kind: 'link-detach', netns, link }),
  }),
  changeCommand({
    name: 'link mtu',
    summary: 'set the MTU of a link',
    arguments: {
      netns,
      link,
      bytes: { value: 'BYTES', summary: 'the largest packet it carries', required: true },
    },
    options: {},
    wish: ({ netns, link, bytes }) => {
      const mtu = numberOf(bytes)
      return mtu === null
        ? failed({ kind: 'usage', what: `"${bytes}" is no MTU`, hint: 'a whole number of bytes is needed' })
        : succeeded({ kind: 'link-mtu', netns, link, mtu })
    },
  }),
]
