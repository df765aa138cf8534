import { expect, test } from 'vitest'
import { netnsSysctls } from '../../src/collect/kernel/details/sysctls.ts'
import { sysctlDefault } from '../../src/derive/sysctl-defaults.ts'

/** Counts, not settings. */
const counts = ['netfilter.nf_conntrack_count']

test('every setting that is read has its default and its meaning', () => {
  const without = netnsSysctls.filter((name) => sysctlDefault(name) === null)
  expect(without).toEqual(counts)
})

test('all and default begin with the same, but for accept_dad', () => {
  expect(sysctlDefault('ipv6.conf.all.accept_dad')?.value).toBe('0')
  expect(sysctlDefault('ipv6.conf.default.accept_dad')?.value).toBe('1')
  expect(sysctlDefault('ipv4.conf.all.rp_filter')).toEqual(sysctlDefault('ipv4.conf.default.rp_filter'))
})

test('what it does not know it does not guess', () => {
  for (const name of ['ipv4.conf.eth0.rp_filter', 'ipv4.conf.all.toString', 'constructor', ''])
    expect(sysctlDefault(name)).toBeNull()
})
