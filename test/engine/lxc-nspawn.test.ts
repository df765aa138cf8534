/** A real LXC container and a real one of systemd-nspawn: no engine to ask, so by their processes, with their names. */
import { statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readWorld } from '../../src/collect/collector.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { peers } from '../../src/derive/peers.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { removeEmptyGroups } from '../support/control-groups.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const canRun = requires({ root: true, tools: ['lxc-start', 'systemd-nspawn', 'busybox', 'nsenter', 'ip'] })

/** Control groups are the machine's own; no other run has these names. */
const web = `web-${process.pid}`
const deb = `deb-${process.pid}`

const rootfs = `
for root in /run/lxc/rootfs /run/deb; do
  mkdir -p $root/bin $root/etc $root/usr $root/proc $root/sys $root/dev $root/tmp $root/run $root/var $root/root &&
  cp /usr/bin/busybox $root/bin && ln -s busybox $root/bin/sleep && echo ID=test > $root/etc/os-release || exit 1
done`

const config = `
lxc.uts.name = inside
lxc.rootfs.path = dir:/run/lxc/rootfs
lxc.net.0.type = veth
lxc.net.0.flags = up
lxc.net.0.name = eth0
lxc.net.0.veth.pair = vethweb
lxc.net.0.ipv4.address = 10.0.3.5/24
lxc.mount.auto = proc:mixed sys:ro
`

describe.runIf(canRun)('LXC and systemd-nspawn', () => {
  let host: TestHost
  let world: World

  beforeAll(async () => {
    host = await playHost('lxc01')
    host.run(['sh', '-c', rootfs])
    writeFileSync(host.path('/run/lxc/config'), config)
    host.run(['mkdir', '-p', '/run/lxc/containers'])
    const lxc = ['lxc-start', '-P', '/run/lxc/containers', '-n', web, '-f', '/run/lxc/config']
    host.run([...lxc, '--', '/bin/sleep', '3600'])
    const nspawn = 'systemd-nspawn --register=no --keep-unit --quiet --private-network'.split(' ')
    const detached = '"$@" > /run/nspawn.log 2>&1 < /dev/null &'
    host.run([
      'sh',
      '-c',
      detached,
      'sh',
      ...nspawn,
      '-D',
      '/run/deb',
      `--machine=${deb}`,
      '/bin/sleep',
      '3600',
    ])
    await vi.waitFor(
      async () => {
        world = await look()
        expect([container('lxc', web), container('nspawn', deb)]).toHaveLength(2)
      },
      { timeout: 30_000, interval: 100 },
    )
  })

  afterAll(async () => {
    host?.try(['timeout', '10', 'lxc-stop', '-P', '/run/lxc/containers', '-n', web, '-k'])
    await host?.end()
    removeEmptyGroups(`lxc.monitor.${web}`, `lxc.payload.${web}`, 'payload', 'supervisor')
  })

  const hostNetns = () => netnsId(statSync(`/proc/${host.pid}/ns/net`).ino)

  const look = async (): Promise<World> => {
    const read = await readWorld({ reader: 'auto', details: false, host: hostNetns() })
    if (!read.ok) throw new Error(read.failure.what)
    return read.value
  }

  const container = (name: Engine['engine'], called: string): Container => {
    const own = listOf(world.engines).filter(({ engine, netns }) => engine === name && netns === hostNetns())
    const found = own.flatMap((each) => listOf(each.containers)).find((each) => each.name === called)
    if (found === undefined) throw new Error(`no ${called}: ${JSON.stringify(world.engines)}`)
    return found
  }

  const nameOf = ({ netns }: Container): string | null => {
    const found = world.netns.find(({ id }) => id === netns)
    return found === undefined ? null : displayName(found)
  }

  test('an LXC container has its own name, not the host name inside, and its end of the veth', () => {
    const found = container('lxc', web)
    const pid = host.run(['lxc-info', '-P', '/run/lxc/containers', '-n', web, '-pH']).trim()
    expect(found.netns).toBe(netnsId(statSync(host.path(`/proc/${pid}/ns/net`)).ino))
    expect(nameOf(found)).toBe(web)
    const own = world.netns.find(({ id }) => id === hostNetns())
    const outer = (own === undefined ? [] : listOf(own.links)).find(({ name }) => name === 'vethweb')
    if (own === undefined || outer === undefined) throw new Error('the host has no vethweb')
    const peer = peers(world.netns).peerOf(own.id, outer.ifindex)
    expect(peer === null || isUnknown(peer) ? null : peer).toMatchObject({ netns: found.netns })
  })

  test('one of systemd-nspawn has the machine’s name', () => {
    const found = container('nspawn', deb)
    expect(found.netns).toBe(netnsId(statSync(`/proc/${found.pid ?? 0}/ns/net`).ino))
    expect(found.netns).not.toBe(hostNetns())
    expect(nameOf(found)).toBe(deb)
  })

  test('their engines are root’s, and belong to the host', () => {
    for (const kind of ['lxc', 'nspawn'] as const) {
      const engine = listOf(world.engines).find(
        ({ engine, netns }) => engine === kind && netns === hostNetns(),
      )
      expect(engine).toMatchObject({ rootless: false, warnings: [], networks: [] })
    }
  })
})
