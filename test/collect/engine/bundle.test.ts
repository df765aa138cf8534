import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleFrom, readBundle } from '../../../src/collect/engine/bundle.ts'
import type { Process } from '../../../src/model/process.ts'
import { netnsId } from '../../../src/model/ids.ts'

const b = 'b'.repeat(64)

test('a container of containerd’s CRI, as its config.json says', () => {
  const annotations = {
    'io.kubernetes.cri.container-type': 'container',
    'io.kubernetes.cri.container-name': 'nginx',
    'io.kubernetes.cri.image-name': 'docker.io/library/nginx:1',
    'io.kubernetes.cri.sandbox-id': b,
    'io.kubernetes.cri.sandbox-name': 'web-7f',
    'io.kubernetes.cri.sandbox-namespace': 'shop',
  }
  expect(bundleFrom({ annotations })).toEqual({
    name: 'web-7f/nginx',
    pod: 'web-7f',
    sandboxId: b,
    image: 'docker.io/library/nginx:1',
    hostName: null,
    ports: [],
    labels: annotations,
  })
})

test('CRI-O’s: the pod’s own container and another', () => {
  const pod = {
    'io.kubernetes.cri-o.ContainerType': 'sandbox',
    'io.kubernetes.cri-o.SandboxID': b,
    'io.kubernetes.pod.name': 'web-7f',
    'io.kubernetes.container.name': 'POD',
  }
  expect(bundleFrom({ hostname: 'web-7f', annotations: pod })).toMatchObject({
    name: 'web-7f',
    pod: 'web-7f',
    sandboxId: null,
    hostName: 'web-7f',
  })
  const other = {
    ...pod,
    'io.kubernetes.cri-o.ContainerType': 'container',
    'io.kubernetes.container.name': 'nginx',
  }
  expect(bundleFrom({ annotations: other })).toMatchObject({ name: 'web-7f/nginx', sandboxId: b })
})

test('nerdctl’s: name, host name and ports', () => {
  const annotations = {
    'nerdctl/name': 'web',
    'nerdctl/hostname': 'web-host',
    'nerdctl/ports': '[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"127.0.0.1"},7]',
  }
  expect(bundleFrom({ annotations })).toMatchObject({
    name: 'web',
    pod: null,
    hostName: 'web-host',
    ports: [{ hostIp: '127.0.0.1', hostPort: 8080, port: 80, protocol: 'tcp' }],
  })
  expect(bundleFrom({ annotations: { 'nerdctl/ports': '{' } })).toMatchObject({ name: null, ports: [] })
})

test.each([null, [], 'text', { annotations: 7 }, { annotations: { a: 7 }, hostname: {} }])(
  'a config.json that is odd (%j) tells nothing',
  (config) => {
    expect(bundleFrom(config)).toMatchObject({ name: null, pod: null, hostName: null, labels: {} })
  },
)

let folder: string
const uid = process.getuid?.() ?? 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-bundle-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A shim whose working folder is the bundle of `first`, and conmon with its root at the folder's. */
function monitor(owner = uid): Process {
  mkdirSync(join(folder, 'proc/10'), { recursive: true })
  for (const name of ['first', 'second']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'config.json'), JSON.stringify({ hostname: name }))
  }
  symlinkSync(join(folder, 'first'), join(folder, 'proc/10/cwd'))
  symlinkSync(folder, join(folder, 'proc/10/root'))
  const place = { cgroup: '/', netns: netnsId(1), namespaces: {} }
  return { pid: 10, ppid: 1, startTime: 1, comm: 'containerd-shim', uid: owner, ...place }
}

const read = (from: Process, at: string | null, id: string) =>
  readBundle(join(folder, 'proc'), from, at, id)?.hostName ?? null

test('a shim’s bundle is its working folder, and those of its pod stand beside it', () => {
  const shim = monitor()
  expect(read(shim, null, 'first')).toBe('first')
  expect(read(shim, null, 'second')).toBe('second')
  expect(read(shim, '/second', b)).toBe('second')
  expect(read(shim, 'second', b)).toBe('second')
})

test('nothing is read from elsewhere, through a link, or of another user', () => {
  const shim = monitor()
  for (const id of ['../first', '.', '..', 'first/../second', '', '/etc'])
    expect(read(shim, null, id)).toBeNull()
  mkdirSync(join(folder, 'linked'))
  symlinkSync(join(folder, 'first/config.json'), join(folder, 'linked/config.json'))
  expect(read(shim, null, 'linked')).toBeNull()
  expect(read({ ...shim, uid: uid + 1 }, null, 'first')).toBeNull()
  mkdirSync(join(folder, 'broken'))
  writeFileSync(join(folder, 'broken/config.json'), '{')
  expect(read(shim, null, 'broken')).toBeNull()
})
