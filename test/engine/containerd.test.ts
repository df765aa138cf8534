/**
 * A real containerd: containers that `ctr` runs without an image, in namespaces of their own, and some that have the
 * annotations, control groups and shared shim which the CRI plug-in of containerd gives the containers of a pod.
 */
import { statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscoverer, type Discoverer } from '../../src/collect/discover/discover.ts'
import { withEngineNames } from '../../src/collect/engine/engine-names.ts'
import { readEngines } from '../../src/collect/engine/read-engines.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import { removeEmptyGroups } from '../support/control-groups.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const canRun = requires({ root: true, tools: ['containerd', 'ctr', 'runc', 'busybox', 'nsenter'] })

const rootfs = `
mkdir -p /run/rootfs/bin /run/rootfs/proc /run/rootfs/sys /run/rootfs/dev /run/rootfs/run /run/rootfs/etc &&
cp /usr/bin/busybox /run/rootfs/bin && ln -s busybox /run/rootfs/bin/sleep`

const config = `version = 2
root = "/run/containerd/root"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "/run/containerd/containerd.sock"
`

/** Control groups are the machine's own: below a folder that no other run of this test has. */
const group = `vethscope-${process.pid}`
const pod = 'a'.repeat(63)

describe.runIf(canRun)('a real containerd', () => {
  let host: TestHost
  let discoverer: Discoverer
  let engines: readonly Engine[]

  const ctr = (...args: readonly string[]) => host.run(['ctr', ...args])

  beforeAll(async () => {
    host = await playHost('ctr01')
    host.run(['sh', '-c', rootfs])
    host.run(['mkdir', '-p', '/run/containerd'])
    writeFileSync(host.path('/run/containerd/config.toml'), config)
    host.run(['sh', '-c', 'containerd -c /run/containerd/config.toml > /run/log 2>&1 < /dev/null &'])
    await vi.waitFor(() => ctr('version'), { timeout: 60_000, interval: 100 })
    const run = (namespace: string, id: string, ...args: readonly string[]) => {
      const fixed = [
        '--rootfs',
        '-d',
        '--runc-binary',
        '/usr/sbin/runc',
        '--cgroup',
        `/${group}/${namespace === 'k8s.io' ? 'kubepods/' : ''}${id}`,
      ]
      ctr('-n', namespace, 'run', ...fixed, ...args, '/run/rootfs', id, '/bin/sleep', '3600')
    }
    run('default', 'redis')
    run('shop', 'front', '--net-host', '--label', 'role=front')
    ctr('-n', 'shop', 'containers', 'create', '--rootfs', '/run/rootfs', 'idle', '/bin/sleep', '3600')
    const cri = 'io.kubernetes.cri'
    const labels = (type: string, ...more: readonly string[]) =>
      [
        `${cri}.container-type=${type}`,
        `${cri}.sandbox-id=${pod}0`,
        `${cri}.sandbox-name=web-7f`,
        `${cri}.sandbox-namespace=shop`,
        ...more,
      ].flatMap((label) => ['--label', label])
    run('k8s.io', `${pod}0`, ...labels('sandbox'))
    const pid = ctr('-n', 'k8s.io', 'tasks', 'ls').match(/^a+0\s+(\d+)/m)?.[1] ?? ''
    const joined = ['--with-ns', `network:/proc/${pid}/ns/net`]
    const of = labels(
      'container',
      `${cri}.container-name=nginx`,
      `${cri}.image-name=docker.io/library/nginx:1`,
    )
    run('k8s.io', `${pod}1`, ...joined, ...of)
    const made = createDiscoverer(null)
    if (!made.ok) throw new Error(made.failure.what)
    discoverer = made.value
    engines = await look()
  })

  afterAll(async () => {
    discoverer?.close()
    for (const namespace of ['default', 'shop', 'k8s.io']) {
      const ids = host?.try(['ctr', '-n', namespace, 'tasks', 'ls', '-q']).stdout.split('\n').filter(Boolean)
      for (const id of ids ?? []) host.try(['timeout', '10', 'ctr', '-n', namespace, 'tasks', 'rm', '-f', id])
    }
    await host?.end()
    // The containers' own went with them; those above stay.
    removeEmptyGroups(`${group}/kubepods`, group)
  })

  const look = async (): Promise<readonly Engine[]> => {
    const { found, processes } = await discoverer.discover({ complete: true })
    const signal = new AbortController().signal
    const all = await readEngines({ processes: listOf(processes), found, signal, env: {} })
    return all.filter(({ netns }) => netns === hostNetns())
  }

  const hostNetns = () => netnsId(statSync(`/proc/${host.pid}/ns/net`).ino)

  const container = (name: string): Container => {
    const found = engines.flatMap((each) => listOf(each.containers)).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no ${name} in ${JSON.stringify(engines)}`)
    return found
  }

  /** As `ctr` says. */
  const netnsOf = (namespace: string, id: string) => {
    const pid = new RegExp(`^${id}\\s+(\\d+)`, 'm').exec(ctr('-n', namespace, 'tasks', 'ls'))?.[1] ?? ''
    return netnsId(statSync(host.path(`/proc/${pid}/ns/net`)).ino)
  }

  test('containers of ctr by their names, also the one without a task', () => {
    const containerd = engines.find(({ engine }) => engine === 'containerd')
    expect(containerd).toMatchObject({
      endpoint: '/run/containerd/containerd.sock',
      rootless: false,
      warnings: [],
    })
    const names = listOf(containerd?.containers ?? []).map(({ name, state }) => `${name} ${state}`)
    expect(names.toSorted()).toEqual(['front running', 'idle no task', 'redis running'])
    expect(container('redis')).toMatchObject({ netns: netnsOf('default', 'redis'), modeKind: 'unknown' })
    expect(container('redis').netns).not.toBe(hostNetns())
    expect(container('front')).toMatchObject({
      netns: hostNetns(),
      modeKind: 'host',
      labels: { role: 'front' },
    })
    expect(container('idle')).toMatchObject({ netns: null, pid: null })
  })

  test('a pod’s containers by the annotations that the CRI plug-in leaves', () => {
    const cri = engines.find(({ engine }) => engine === 'cri')
    expect(listOf(cri?.containers ?? []).map(({ name }) => name)).toEqual(['web-7f', 'web-7f/nginx'])
    const sandbox = container('web-7f')
    expect(sandbox).toMatchObject({
      modeKind: 'pod',
      pod: 'web-7f',
      joins: null,
      netns: netnsOf('k8s.io', `${pod}0`),
    })
    expect(container('web-7f/nginx')).toMatchObject({
      id: `${pod}1`,
      joins: `${pod}0`,
      netns: sandbox.netns,
      image: 'docker.io/library/nginx:1',
    })
    const [named] = withEngineNames([{ id: netnsId(Number(sandbox.netns)), names: [] }], engines)
    expect(named?.names[0]).toMatchObject({ name: 'web-7f', source: 'cri' })
  })

  test('one whose containerd was stopped still has its containers, and says what is missing', async () => {
    const before = listOf(engines.find(({ engine }) => engine === 'containerd')?.containers ?? [])
    host.run(['sh', '-c', 'kill -STOP $(pidof containerd)'])
    try {
      const [left] = (await look()).filter(({ engine }) => engine === 'containerd')
      const running = before.filter(({ pid }) => pid !== null).map(({ name, netns }) => ({ name, netns }))
      expect(listOf(left?.containers ?? []).map(({ name, netns }) => ({ name, netns }))).toEqual(running)
      expect(left?.warnings).toEqual([
        'containers that do not run are not known: only processes were seen',
        'ctr did not answer, or not so that it was understood',
      ])
    } finally {
      host.run(['sh', '-c', 'kill -CONT $(pidof containerd)'])
    }
  })
})
