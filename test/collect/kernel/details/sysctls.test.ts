import { expect, test } from 'vitest'
import type { ReadProc } from '../../../../src/collect/kernel/details/read-proc.ts'
import { netnsSysctls, readSysctls } from '../../../../src/collect/kernel/details/sysctls.ts'

test('each setting has its value or its own reason', () => {
  const files: Readonly<Record<string, string>> = {
    'sys/net/ipv4/ip_forward': '1\n',
    'sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
    'sys/net/ipv4/conf/all/rp_filter': '2\n',
  }
  const read: ReadProc = (path) =>
    files[path] ?? { errno: path.includes('tcp_mtu_probing') ? 'EACCES' : 'ENOENT' }
  const found = readSysctls(read)
  expect(Object.keys(found)).toEqual(netnsSysctls)
  expect(found['ipv4.ip_forward']).toBe('1')
  expect(found['ipv4.ip_local_port_range']).toBe('32768 60999')
  expect(found['ipv4.conf.all.rp_filter']).toBe('2')
  expect(found['ipv4.tcp_mtu_probing']).toEqual({ unknown: 'permission denied (EACCES)' })
  expect(found['bridge.bridge-nf-call-iptables']).toEqual({
    unknown: 'not there: br_netfilter is not loaded',
  })
  expect(found['netfilter.nf_conntrack_count']).toEqual({
    unknown: 'not there: nf_conntrack is not loaded, or hides it here',
  })
  expect(found['ipv6.conf.all.disable_ipv6']).toEqual({ unknown: 'not there: no IPv6, or an older kernel' })
})

test('everything that decides a path is among them', () => {
  // From docs: ip-sysctl.rst, nf_conntrack-sysctl.rst and the bridge's.
  for (const name of [
    'ipv4.conf.default.route_localnet',
    'ipv4.conf.all.arp_filter',
    'ipv4.ip_unprivileged_port_start',
    'ipv4.fib_multipath_hash_policy',
    'ipv6.conf.default.accept_ra',
    'ipv6.bindv6only',
    'netfilter.nf_conntrack_tcp_be_liberal',
    'bridge.bridge-nf-call-arptables',
  ]) {
    expect(netnsSysctls).toContain(name)
  }
  expect(new Set(netnsSysctls).size).toBe(netnsSysctls.length)
})
