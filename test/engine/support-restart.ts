/** Ends a daemon of Docker, whose containers live on, and starts it anew as it was started. */
import { setTimeout as rest } from 'node:timers/promises'
import type { TestHost } from '../support/host.ts'

const startMs = 60_000

/** `between`: done while none runs. `options`: what it gets beside those that it had. */
export async function restartDocker(
  host: TestHost,
  between: () => void,
  ...options: readonly string[]
): Promise<void> {
  const pid = host.run(['cat', '/run/docker.pid']).trim()
  const argv = host.read(`/proc/${pid}/cmdline`).toString().split('\0').slice(0, -1)
  host.run(['kill', pid])
  // Nobody waits for it on a played host: it stays as a zombie.
  await until(() => !/^State:\s+[RSD]/m.test(host.try(['cat', `/proc/${pid}/status`]).stdout))
  between()
  host.run(['rm', '-f', '/run/docker.pid'])
  host.run(['sh', '-c', '"$@" > /run/dockerd.log 2>&1 < /dev/null &', 'sh', ...argv, ...options])
  await until(() => host.try(['docker', '-H', 'unix:///run/docker.sock', 'version']).code === 0)
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const deadline = Date.now() + startMs; !isTrue();) {
    if (Date.now() > deadline) throw new Error(`the daemon took more than ${startMs} ms`)
    await rest(100)
  }
}
