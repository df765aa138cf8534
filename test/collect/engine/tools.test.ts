/** Tools of engines, played by scripts: what they print is somebody else's text, and some print nothing at all. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withCriNames } from '../../../src/collect/engine/cri-names.ts'
import { listedContainers } from '../../../src/collect/engine/ctr-containers.ts'
import { engineMemory } from '../../../src/collect/engine/engine-memory.ts'
import { askTool } from '../../../src/collect/engine/tool-answer.ts'
import { listOf } from '../../../src/model/known.ts'
import { container, engine } from '../../support/engine.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-tools-'))
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function tool(name: string, script: string): void {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

const signal = new AbortController().signal
const a = 'a'.repeat(64)
const b = 'b'.repeat(64)
const seen = [
  container('bbbbbbbbbbbb', 7, { id: b, modeKind: 'pod' }),
  container('aaaaaaaaaaaa', 7, { id: a, modeKind: 'pod', image: 'told before' }),
]

async function named(): Promise<readonly unknown[]> {
  const [only] = await withCriNames([engine(seen, { engine: 'cri' })], engineMemory(), signal)
  return listOf(only?.containers ?? []).map(({ name, pod, joins, image }) => [name, pod, joins, image])
}

test('crictl names pods and their containers, and who holds the namespace', async () => {
  const ps = {
    containers: [
      { id: a, podSandboxId: b, metadata: { name: 'nginx' }, labels: { 'io.kubernetes.pod.name': 'web-7f' } },
    ],
  }
  const pods = { items: [{ id: b, metadata: { name: 'web-7f', namespace: 'shop' } }] }
  tool(
    'crictl',
    `case "$*" in 'ps -a -o json') echo '${JSON.stringify(ps)}';; 'pods -o json') echo '${JSON.stringify(pods)}';; *) exit 2;; esac`,
  )
  expect(await named()).toEqual([
    ['web-7f', 'web-7f', null, 'busybox:local'],
    ['web-7f/nginx', 'web-7f', b, 'told before'],
  ])
})

test.each([
  ['fails', 'exit 1'],
  ['speaks nonsense', 'echo "no json"'],
  ['speaks of something else', `echo '{"containers":[null,7,{"id":["x"]}],"items":"none"}'`],
])('a crictl that %s leaves the ids', async (_, script) => {
  tool('crictl', script)
  expect(await named()).toEqual([
    ['bbbbbbbbbbbb', undefined, null, 'busybox:local'],
    ['aaaaaaaaaaaa', undefined, null, 'told before'],
  ])
})

test('one that keeps silent costs two seconds once', async () => {
  tool('slow', 'exec sleep 30')
  const memory = engineMemory()
  const command = [join(folder, 'slow')]
  expect(await askTool(command, memory, signal)).toBeNull()
  tool('slow', 'echo now')
  expect(await askTool(command, memory, signal)).toBeNull()
  expect(await askTool(command, engineMemory(), signal)).toBe('now\n')
})

test('tables of ctr', () => {
  const containers = `CONTAINER    IMAGE                           RUNTIME
redis        docker.io/library/redis:7       io.containerd.runc.v2
idle         -                               io.containerd.runc.v2
`
  const tasks = 'TASK     PID     STATUS\nredis    113     PAUSED\n'
  expect(listedContainers(containers, tasks)).toEqual([
    { id: 'redis', image: 'docker.io/library/redis:7', state: 'paused' },
    { id: 'idle', image: '', state: 'no task' },
  ])
  expect(listedContainers('ctr: not found', '')).toEqual([])
})
