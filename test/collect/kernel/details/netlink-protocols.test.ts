import { expect, test } from 'vitest'
import { cgroup2Mount, cgroup2Path } from '../../../../src/collect/kernel/details/cgroup-programs.ts'
import {
  answeringProtocols,
  parseProtocols,
  protocolsEverywhere,
} from '../../../../src/collect/kernel/details/netlink-protocols.ts'

test('only the kernel’s own sockets count: somebody else’s on a protocol does not mean it is answered', () => {
  const text = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
00000000e9b190db 0   0          00000000 0        0        0     2        0        4
0000000011111111 0   4123       00000111 0        0        0     2        0        9123
0000000022222222 6   812        00000000 0        0        0     2        0        9124
0000000023f829d4 12  0          00000000 0        0        0     2        0        13
`
  expect([...parseProtocols(text)]).toEqual([0, 12])
  expect(parseProtocols('').size).toBe(0)
  expect(answeringProtocols(() => ({ errno: 'EACCES' }))).toBeNull()
})

test('what is answered is read again when a module came or went, and not kept where that is not known', () => {
  const first = `sk Eth Pid Groups\n0 4 0 0\n`
  const second = `sk Eth Pid Groups\n0 4 0 0\n0 6 0 0\n`
  const modules = (...names: readonly string[]) => ({
    loadable: true,
    loaded: new Set(names),
    has: () => null,
  })
  const asked = (text: string, known: ReturnType<typeof modules> | null) =>
    [...(protocolsEverywhere(() => text, known) ?? ['none'])].join()
  expect(asked(first, modules('veth'))).toBe('4')
  expect(asked(second, modules('veth')), 'kept').toBe('4')
  expect(asked(second, modules('veth', 'xfrm_user'))).toBe('4,6')
  expect(asked(first, modules('veth', 'xfrm_user')), 'kept').toBe('4,6')
  expect(asked(first, null)).toBe('4')
  expect(asked(second, null)).toBe('4,6')
  expect(protocolsEverywhere(() => ({ errno: 'EACCES' }), modules('veth'))).toBeNull()
  expect(asked(first, modules('veth')), 'a refusal is not kept').toBe('4')
})

test('a process’s place in the cgroup2 tree', () => {
  expect(cgroup2Path('12:cpu:/a\n1:name=systemd:/b\n0::/system.slice/docker.service\n')).toBe(
    '/system.slice/docker.service',
  )
  expect(cgroup2Path('0::/gone (deleted)\n')).toBeNull()
  expect(cgroup2Path('4:memory:/docker/abc\n')).toBeNull()
})

test('where the cgroup2 tree is mounted as a whole', () => {
  const mountinfo = `24 1 0:22 / /sys rw - sysfs sysfs rw
30 24 0:26 /docker/abc /mnt/part rw,nosuid shared:4 - cgroup2 cgroup2 rw
31 24 0:26 / /sys/fs/my\\040cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
`
  expect(cgroup2Mount(mountinfo)).toBe('/sys/fs/my cgroup')
  expect(cgroup2Mount('24 1 0:22 / /sys rw - sysfs sysfs rw\n')).toBeNull()
})
