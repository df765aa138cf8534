/** Links and namespaces made and deleted on a host with much on it: what the plan says is true afterwards, and undone the host is what it was. */
import type { Intent } from '../../src/model/intent.ts'
import { tryEach } from './support-plain.ts'

const changes: readonly Intent[] = [
  { kind: 'netns-add', name: 'new' },
  { kind: 'netns-rm', name: 'empty' },
  {
    kind: 'veth-add',
    netns: 'web',
    link: 'x0',
    peerNetns: 'db',
    peerLink: 'x0',
    mtu: 1400,
    mac: '02:aa:00:00:00:01',
    up: true,
  },
  { kind: 'veth-add', netns: 'web', link: 'x0', peerNetns: 'host', peerLink: 'xh', up: false },
  { kind: 'veth-add', netns: 'db', link: 'x0', peerNetns: 'db', peerLink: 'x1', up: true },
  { kind: 'link-rm', netns: 'host', link: 'p0' },
  { kind: 'link-rm', netns: 'db', link: 'mv0' },
  { kind: 'link-rm', netns: 'web', link: 'eth0' },
  { kind: 'link-rm', netns: 'host', link: 'vx0' },
  { kind: 'bridge-rm', netns: 'host', link: 'br0' },
  { kind: 'bridge-add', netns: 'web', link: 'b9', mtu: 1400, up: true },
]

tryEach(changes)
