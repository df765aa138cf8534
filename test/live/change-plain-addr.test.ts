/** Addresses and settings on a host with much on it: what the plan says is true afterwards, and undone the host is what it was. */
import type { Intent } from '../../src/model/intent.ts'
import { tryEach } from './support-plain.ts'

const changes: readonly Intent[] = [
  { kind: 'addr-add', netns: 'host', link: 'h0', address: '10.1.0.77/24' },
  { kind: 'addr-add', netns: 'host', link: 'p1', address: '10.88.0.1/24' },
  { kind: 'addr-add', netns: 'web', link: 'eth0', address: 'fd99::1/64' },
  { kind: 'addr-rm', netns: 'host', link: 'h0', address: '10.1.0.1/24' },
  { kind: 'addr-rm', netns: 'host', link: 'h0', address: '10.1.0.3' },
  { kind: 'addr-rm', netns: 'host', link: 'h0', address: '10.7.0.1' },
  { kind: 'addr-rm', netns: 'host', link: 'h0', address: 'fd01::2/64' },
  { kind: 'addr-rm', netns: 'host', link: 'br0', address: '10.2.0.1/24' },
  { kind: 'sysctl-set', netns: 'host', name: 'net.ipv4.ip_forward', value: '1' },
  { kind: 'sysctl-set', netns: 'web', name: 'ipv4.ip_forward', value: '0' },
  { kind: 'sysctl-set', netns: 'host', name: 'ipv4.conf.h0.rp_filter', value: '1' },
  { kind: 'sysctl-set', netns: 'host', name: 'ipv6.conf.h0.disable_ipv6', value: '1' },
  { kind: 'sysctl-set', netns: 'host', name: 'ipv6.conf.all.disable_ipv6', value: '1' },
]

tryEach(changes)
