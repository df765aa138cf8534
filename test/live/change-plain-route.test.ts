/** Routes added and removed on a host with much on it: what the plan says is true afterwards, and undone the host is what it was. */
import type { Intent } from '../../src/model/intent.ts'
import { tryEach } from './support-plain.ts'

const changes: readonly Intent[] = [
  { kind: 'route-add', netns: 'web', destination: '10.90.0.0/16', via: '10.1.0.1' },
  { kind: 'route-add', netns: 'host', destination: 'default', via: '10.1.0.9', metric: 10 },
  {
    kind: 'route-add',
    netns: 'host',
    destination: '10.91.0.0/16',
    link: 'br0',
    table: '33',
    src: '10.2.0.1',
  },
  { kind: 'route-add', netns: 'web', destination: 'fd90::/64', via: 'fd01::1' },
  { kind: 'route-rm', netns: 'web', destination: 'default', via: '10.1.0.1' },
  { kind: 'route-rm', netns: 'host', destination: '10.51.0.0/16' },
  { kind: 'route-rm', netns: 'host', destination: '10.54.0.0/16' },
  { kind: 'route-rm', netns: 'host', destination: '10.55.0.0/16' },
  { kind: 'route-rm', netns: 'host', destination: '10.66.0.0/16' },
  { kind: 'route-rm', netns: 'host', destination: 'fd51::/64', table: '101' },
  { kind: 'route-rm', netns: 'host', destination: '10.2.0.0/24' },
]

tryEach(changes)
