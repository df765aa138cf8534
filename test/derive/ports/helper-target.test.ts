/** Argument lists as pasta, slirp4netns and RootlessKit were seen with, and as newer engines give them. */
import { expect, test } from 'vitest'
import { helperTargets } from '../../../src/derive/ports/helper-target.ts'
import { passtTarget } from '../../../src/derive/ports/passt-ports.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Process } from '../../../src/model/process.ts'
import { netns, world } from '../../support/world.ts'

const host = netnsId(1)

function process(pid: number, comm: string, inside: number, args?: string, ppid = 1): Process {
  const namespaces = { pid: '7', mnt: '8' }
  const told = args === undefined ? {} : { args: args.split(' ') }
  return {
    pid,
    ppid,
    startTime: pid,
    comm,
    uid: 1000,
    cgroup: '/',
    netns: netnsId(inside),
    namespaces,
    ...told,
  }
}

const file = '/run/user/1000/netns/netns-1'

function target(processes: readonly Process[], pid: number, port: number, protocol = 'tcp') {
  const holders = {
    ...netns(2, 'inside').holders,
    mounts: [
      { path: file, mountNamespace: '8' },
      { path: '/elsewhere', mountNamespace: '9' },
    ],
  }
  const inside = netns(2, 'inside', { holders })
  const other = netns(3, 'other', {
    holders: { ...holders, mounts: [file, '/elsewhere'].map((path) => ({ path, mountNamespace: '99' })) },
  })
  const init = process(1, 'systemd', 1)
  const seen = world([netns(1, 'host'), inside, other], { processes: [init, ...processes] })
  return helperTargets(seen)(pid, host, protocol, port)
}

test('pasta as Podman 5 starts it: the namespace by its file, the ports by -t and -u', () => {
  const args = `pasta --config-net -t 8080-8081:80-81 -t 127.0.0.1/9000:90 -u none -T none -U none --no-map-gw --quiet --netns ${file} --map-guest-addr 169.254.1.2`
  const pasta = process(10, 'pasta.avx2', 1, args)
  expect(target([pasta], 10, 8081)).toEqual({ netns: '2', port: 81 })
  expect(target([pasta], 10, 9000)).toEqual({ netns: '2', port: 90 })
})

test('the file of another mount namespace counts only where it can mean one namespace', () => {
  const of = (path: string) => target([process(10, 'pasta', 1, `pasta -t 80 --netns ${path}`)], 10, 80).netns
  expect(of('/elsewhere')).toBeNull()
  expect(of('/nowhere')).toBeNull()
})

test('slirp4netns leads where its arguments say, or where the RootlessKit leads that it works for', () => {
  const alone = process(10, 'slirp4netns', 1, `slirp4netns -c -e 3 --netns-type=path ${file} tap0`)
  expect(target([alone], 10, 8080)).toEqual({ netns: '2', port: null })
  const byPid = process(10, 'slirp4netns', 1, 'slirp4netns --mtu 1500 -r 3 20 tap0')
  expect(target([byPid, process(20, 'sh', 2)], 10, 8080)).toEqual({ netns: '2', port: null })
  const kit = process(9, 'rootlesskit', 1, 'rootlesskit 127.0.0.1:8080:80/tcp 5353:53/udp')
  const child = process(20, 'exe', 2, undefined, 9)
  const working = process(10, 'slirp4netns', 1, 'slirp4netns --api-socket /tmp/a 64 tap0', 9)
  expect(target([kit, child, working], 10, 8080)).toEqual({ netns: '2', port: 80 })
  expect(target([kit, child, working], 10, 5353, 'udp')).toEqual({ netns: '2', port: 53 })
  expect(target([kit, child, working], 10, 5353)).toEqual({ netns: '2', port: null })
})

test('a number in the arguments of a helper in another pid namespace is not one of ours', () => {
  const helper = process(10, 'slirp4netns', 1, 'slirp4netns 20 tap0')
  const elsewhere = { ...helper, namespaces: { pid: '70', mnt: '8' } }
  expect(target([elsewhere, process(20, 'sh', 2)], 10, 8080).netns).toBeNull()
})

test('rootlessport leads where its first thread or its child is', () => {
  expect(target([process(10, 'rootlessport', 2)], 10, 8080)).toEqual({ netns: '2', port: null })
  const apart = [process(10, 'rootlessport', 1), process(11, 'exe', 2, undefined, 10)]
  expect(target(apart, 10, 8080)).toEqual({ netns: '2', port: null })
  expect(target([], 10, 8080)).toEqual({ netns: null, port: null })
})

test.each([
  ['-t 22:23', 'tcp', 22, 23],
  ['-t 22,25', 'tcp', 25, 25],
  ['-t 22-80:32-90', 'tcp', 80, 90],
  ['-t 192.0.2.1%eth0/22:2200', 'tcp', 22, 2200],
  ['-t 2000-5000:3000-6000,~3000-3010', 'tcp', 2001, 3001],
  ['--tcp-ports=8080:80', 'tcp', 8080, 80],
  ['-t8080:80', 'tcp', 8080, 80],
  ['-u 53:5353', 'udp', 53, 5353],
  ['-u 53:5353', 'tcp', 53, 53],
  ['-t auto', 'tcp', 443, 443],
  ['-t', 'tcp', 443, 443],
  ['-t 99999999999:1', 'tcp', 443, 443],
])('passt %s leads %s port %i to %i', (args, protocol, port, there) => {
  expect(passtTarget(args.split(' '), protocol, port)).toBe(there)
})
