/** Links moved, renamed, set up and down, put on bridges on a host with much on it: what the plan says is true afterwards, and undone the host is what it was. */
import type { Intent } from '../../src/model/intent.ts'
import { tryEach } from './support-plain.ts'

const changes: readonly Intent[] = [
  { kind: 'link-move', netns: 'host', link: 'p0', to: 'db', name: 'moved' },
  { kind: 'link-move', netns: 'host', link: 'h0', to: 'db' },
  { kind: 'link-move', netns: 'web', link: 'eth0', to: 'host' },
  { kind: 'link-move', netns: 'web', link: 'eth1', to: 'db' },
  { kind: 'link-rename', netns: 'host', link: 'h0', name: 'uplink' },
  { kind: 'link-down', netns: 'host', link: 'h0' },
  { kind: 'link-down', netns: 'web', link: 'eth0' },
  { kind: 'link-down', netns: 'host', link: 'br0' },
  { kind: 'link-down', netns: 'web', link: 'lo' },
  { kind: 'link-up', netns: 'host', link: 'br1' },
  { kind: 'link-attach', netns: 'host', link: 'loose', bridge: 'br1' },
  { kind: 'link-attach', netns: 'host', link: 'loose', bridge: 'br0' },
  { kind: 'link-detach', netns: 'host', link: 'p0' },
  { kind: 'link-detach', netns: 'host', link: 'vx0' },
  { kind: 'link-mtu', netns: 'host', link: 'h0', mtu: 1400 },
  { kind: 'link-mtu', netns: 'host', link: 'h0', mtu: 1000 },
]

tryEach(changes)
