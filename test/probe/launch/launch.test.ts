import { expect, test, vi } from 'vitest'
import type { Place } from '../../../src/model/probe.ts'
import { insideArgv, launchArgv } from '../../../src/probe/launch/inside-argv.ts'
import { withHosts } from '../../../src/probe/launch/own-files.ts'
import { mountsBelowSys } from '../../../src/probe/launch/own-mounts.ts'
import { cannotEnter, notStarted } from '../../../src/probe/launch/refused.ts'

const place: Place = {
  netns: { id: '4026532177', name: 'we"b' } as Place['netns'],
  dev: 4,
  paths: ['/run/netns/a b; reboot'],
  sockets: [],
  user: null,
}
const launcher = new URL('file:///opt/vethscope/dist/launch.js')
const spec = { place, argv: ['ping', '-c', '1', '10.0.0.1'], files: true, parent: 77 }

test('the launcher gets all in one argument, whatever the names hold', () => {
  const [node, file, json, ...rest] = launchArgv(launcher, spec)
  expect([node, file, rest]).toEqual([process.execPath, '/opt/vethscope/dist/launch.js', []])
  expect(JSON.parse(json ?? '')).toEqual({ ...spec, entered: false })
  // From the sources: an argument of its own, too.
  expect(insideArgv(place, ['ls'])).toContain('--net=/run/netns/a b; reboot')
})

test('of a thousand sockets that lead there a few are told: one argument may be 128 KiB long', () => {
  const sockets = Array.from({ length: 20_000 }, (_, at) => ({ pid: 100_000 + at, fd: at }))
  const argv = launchArgv(launcher, { ...spec, place: { ...place, sockets } })
  expect(argv.join(' ').length).toBeLessThan(8000)
})

test('who is not root goes by nsenter, as the same user; root does not need to', () => {
  const theirs = { ...spec, place: { ...place, user: { pid: 812 } } }
  const euid = vi.spyOn(process, 'geteuid')
  euid.mockReturnValue(1000)
  const argv = launchArgv(launcher, theirs)
  expect(argv.slice(0, 6)).toEqual([
    'nsenter',
    '--target=812',
    '--user',
    '--net',
    '--preserve-credentials',
    '--',
  ])
  expect(JSON.parse(argv.at(-1) ?? '')).toMatchObject({ entered: true })
  euid.mockReturnValue(0)
  expect(launchArgv(launcher, theirs)[0]).toBe(process.execPath)
  euid.mockRestore()
})

test('nsswitch: the host’s users, the container’s way of finding hosts', () => {
  const own =
    '# x\npasswd: files systemd\nhosts: files resolve [!UNAVAIL=return] dns\n hosts: mymachines\ngroup: files\n'
  expect(withHosts(own, 'hosts: dns files # first dns\n')).toBe(
    '# x\npasswd: files systemd\ngroup: files\nhosts: dns files\n',
  )
  expect(withHosts(own, null)).toMatch(/\nhosts: files dns\n$/)
  expect(withHosts(own, 'passwd: files\n')).toMatch(/\nhosts: files dns\n$/)
})

test('what stands in /sys, without what stands in that', () => {
  const line = (path: string) => `36 35 0:30 / ${path} rw shared:9 - x x rw`
  const mounts = [
    '/sys',
    '/sys/fs/cgroup',
    '/sys/fs/cgroup/unified',
    '/sys/kernel/debug',
    '/system',
    '/sys/fs/cgroup',
  ]
  expect(mountsBelowSys(mounts.map(line).join('\n'))).toEqual(['/fs/cgroup', '/kernel/debug'])
})

test('exit codes as docker exec has them', () => {
  expect(notStarted('x', 'ENOENT')).toMatchObject({
    exitCode: 127,
    failure: { what: 'cannot run "x": not found' },
  })
  expect(notStarted('x', 'EACCES').exitCode).toBe(126)
  expect(notStarted('x', 'ENOEXEC').exitCode).toBe(126)
  expect(cannotEnter(place, 'it is gone (ENOENT)', 'ENOENT')).toMatchObject({
    exitCode: 125,
    failure: { kind: 'refused', what: 'cannot enter netns "we"b": it is gone (ENOENT)' },
  })
  expect(cannotEnter(place, 'permission denied (EPERM)', 'EPERM').failure).toMatchObject({
    kind: 'permission',
    hint: 'run as root or grant cap_sys_admin',
  })
})
