import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { containerOf } from '../../../src/collect/engine/by-cgroup.ts'
import { enginesByProcess } from '../../../src/collect/engine/by-process.ts'
import { namedContainer, namedPod } from '../../../src/collect/engine/cri-names.ts'
import { engineMemory } from '../../../src/collect/engine/engine-memory.ts'
import { ofConmon, ofNspawn, ofShim } from '../../../src/collect/engine/monitors.ts'
import { netnsId } from '../../../src/model/ids.ts'
import { listOf } from '../../../src/model/known.ts'
import type { Process } from '../../../src/model/process.ts'

const a = 'a'.repeat(64)
const b = 'b'.repeat(64)

test.each([
  [`/docker/${a}`, 'docker', a],
  [`/system.slice/docker-${a}.scope`, 'docker', a],
  [`/system.slice/docker-${a}.scope/init`, 'docker', a],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${a}.scope`, 'docker', a],
  [`/machine.slice/libpod-${a}.scope/container`, 'podman', a],
  [`/libpod_parent/libpod-${a}`, 'podman', a],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-${a}.scope`,
    'cri',
    a,
  ],
  [`/system.slice/containerd.service/kubepods-burstable-pod1_2.slice:cri-containerd:${a}`, 'cri', a],
  [`/kubepods.slice/kubepods-pod1.slice/crio-${a}.scope`, 'cri', a],
  [`/kubepods/burstable/pod5f1b9b2c/${a}`, 'cri', a],
  [`/system.slice/nerdctl-${a}.scope`, 'containerd', a],
  ['/lxc.payload.web/init.scope', 'lxc', 'web'],
  ['/lxc.payload/web/system.slice/cron.service', 'lxc', 'web'],
  ['/lxc/web', 'lxc', 'web'],
  ['/machine.slice/systemd-nspawn@my\\x2dvm.service/payload', 'nspawn', 'my-vm'],
  // An engine in a container: what is inside counts.
  [`/docker/${a}/docker/${b}`, 'docker', b],
  [`/docker/${a}/kubelet/kubepods/besteffort/pod7/${b}`, 'cri', b],
  [`/lxc.payload.host/docker/${a}`, 'docker', a],
])('%s is a container of %s', (cgroup, engine, id) => {
  expect(containerOf(cgroup)).toEqual({ engine, id })
})

test.each([
  '/',
  '/system.slice/docker.service',
  `/machine.slice/libpod-conmon-${a}.scope`,
  '/lxc.monitor.web',
  `/user.slice/${a}`,
  '/docker/short',
  '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope',
])('%s is none', (cgroup) => {
  expect(containerOf(cgroup)).toBeNull()
})

test.each([
  [
    ofConmon,
    `/usr/bin/conmon --api-version 1 -c ${a} -u ${a} -n web --exit-dir /run/libpod/exits`,
    'podman',
    a,
    'web',
  ],
  [ofConmon, `conmon -c ${a} -n k8s_web --exit-dir /var/run/crio/exits`, 'cri', a, 'k8s_web'],
  [ofShim, `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${a} -address /run/x`, 'docker', a, null],
  [ofShim, `containerd-shim-runc-v2 -namespace k8s.io -id ${a}`, 'cri', a, null],
  [ofShim, 'containerd-shim-runc-v2 -namespace default -id redis', 'containerd', 'redis', 'redis'],
  [ofNspawn, 'systemd-nspawn --quiet --boot --machine=deb', 'nspawn', 'deb', 'deb'],
  [ofNspawn, 'systemd-nspawn -b -D /srv/deb', 'nspawn', 'deb', 'deb'],
])('a monitor’s command line tells its container', (parse, line, engine, id, name) => {
  expect(parse(line.split(' '))).toMatchObject({ engine, id, name })
})

test.each([
  [ofConmon, 'conmon --version'],
  [ofConmon, 'conmon -c'],
  [ofShim, 'containerd-shim-runc-v2 -v'],
  [ofNspawn, 'systemd-nspawn --help'],
])('a command line without one tells nothing', (parse, line) => {
  expect(parse(line.split(' '))).toBeNull()
})

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A /proc that has only command lines. */
function proc(lines: Readonly<Record<number, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-proc-'))
  folders.push(folder)
  for (const [pid, line] of Object.entries(lines)) {
    mkdirSync(join(folder, pid))
    writeFileSync(join(folder, pid, 'cmdline'), line.replaceAll(' ', '\0'))
  }
  return folder
}

function process(pid: number, ppid: number, comm: string, cgroup: string, netns: number): Process {
  return { pid, ppid, startTime: pid, comm, uid: 0, cgroup, netns: netnsId(netns), namespaces: {} }
}

const own = { mnt: '1', pid: '2', user: '3' }

test('containers that no engine told of are seen by their processes, the oldest first', () => {
  const processes = [
    process(10, 1, 'conmon', '/', 100),
    process(12, 11, 'sh', `/libpod-${a}`, 300),
    process(11, 10, 'nginx', `/libpod-${a}`, 300),
    process(20, 1, 'containerd-shim', '/', 100),
    process(21, 20, 'redis', '/', 100),
    process(30, 1, 'pause', `/kubepods/pod1/${b}`, 500),
    process(40, 1, 'systemd', '/lxc.payload.web', 600),
  ]
  const machine = {
    proc: proc({ 10: `conmon -c ${a} -n web`, 20: 'containerd-shim-runc-v2 -namespace default -id redis' }),
    processes,
    found: [],
    own,
  }
  const engines = enginesByProcess(machine, new Set())
  const seen = engines.flatMap(({ engine, endpoint, netns, containers }) =>
    listOf(containers).map(
      ({ name, pid, netns: inside, modeKind }) =>
        `${engine} ${endpoint} ${netns} ${name} ${pid} ${JSON.stringify(inside)} ${modeKind}`,
    ),
  )
  expect(seen).toEqual([
    'podman conmon 100 web 11 "300" unknown',
    'containerd containerd-shim 100 redis 21 "100" host',
    `cri cgroup null ${b.slice(0, 12)} 30 "500" pod`,
    'lxc cgroup null web 40 "600" unknown',
  ])
  expect(enginesByProcess(machine, new Set([a, b, 'redis', 'web']))).toEqual([])
})

test('a bundle is read once while its container runs', () => {
  const folder = proc({ 10: `conmon -c ${a} -b /bundle` })
  const bundle = join(folder, '10/root/bundle')
  mkdirSync(bundle, { recursive: true })
  const says = (hostname: string) => writeFileSync(join(bundle, 'config.json'), JSON.stringify({ hostname }))
  const uid = globalThis.process.getuid?.() ?? 0
  const monitor = { ...process(10, 1, 'conmon', '/', 100), uid }
  const inside = { ...process(11, 10, 'sh', '/', 300), namespaces: { user: '77' } }
  const memory = engineMemory()
  const look = (startTime: number) =>
    enginesByProcess(
      { proc: folder, processes: [monitor, { ...inside, startTime }], found: [], own },
      new Set(),
      memory,
    ).flatMap(({ containers }) => listOf(containers).map(({ hostName }) => hostName))
  says('one')
  expect(look(1)).toEqual(['one'])
  says('two')
  expect(look(1)).toEqual(['one'])
  expect(look(2)).toEqual(['two'])
  expect(memory.bundles.size).toBe(1)
})

test('a process that calls itself like a monitor, or like a property of objects, does no harm', () => {
  const processes = [
    process(10, 1, 'conmon', '/', 100),
    process(11, 10, 'sh', '/', 100),
    process(12, 1, 'constructor', '/', 100),
    process(13, 1, '__proto__', '/', 100),
  ]
  const machine = { proc: proc({ 10: 'conmon \x1b[2J -c' }), processes, found: [], own }
  expect(enginesByProcess(machine, new Set())).toEqual([])
})

test('a user’s own process is no container: one of a user’s has a user namespace of its own', () => {
  const line = { 10: `conmon -c ${a} -n web` }
  const monitor = { ...process(10, 1, 'conmon', '/', 100), uid: 1000 }
  const child = { ...process(11, 10, 'sh', '/', 300), uid: 1000, namespaces: { user: own.user } }
  const look = (processes: readonly Process[]) =>
    enginesByProcess({ proc: proc(line), processes, found: [], own }, new Set())
  expect(look([monitor, child])).toEqual([])
  expect(look([monitor, { ...child, namespaces: { user: '77' } }])).toMatchObject([{ rootless: true }])
})

test('crictl tells names of containers and of pods', () => {
  const labels = { 'io.kubernetes.pod.name': 'web-7f', 'io.kubernetes.pod.namespace': 'shop' }
  const image = { image: 'nginx:1' }
  expect(namedContainer({ id: a, podSandboxId: b, metadata: { name: 'nginx' }, image, labels })).toEqual([
    a,
    { name: 'web-7f/nginx', pod: 'web-7f', image: 'nginx:1', joins: b, labels },
  ])
  expect(namedPod({ id: b, metadata: { name: 'web-7f', namespace: 'shop' }, labels })).toEqual([
    b,
    { name: 'web-7f', pod: 'web-7f', labels },
  ])
  expect(namedContainer(null)).toEqual(['', { labels: {} }])
})
