/**
 * A real Podman on a host that a test plays, rootful, with its storage and networks in a folder of its own and the API's
 * service running. It ends with the host, in any case.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { image, rootfs } from './docker.ts'
import { playHost, type TestHost } from './host.ts'

export type PodmanHost = {
  readonly host: TestHost
  /** Runs `podman ARG…` on the host; throws with its stderr when it fails. */
  podman(...args: readonly string[]): string
  /** Ends the service behind the API. */
  endService(): void
  /** Starts a container that sleeps. */
  start(name: string, ...args: readonly string[]): void
  end(): Promise<void>
}

/** What `requires` must ask for. */
export const podmanTools = [
  'podman',
  'conmon',
  'runc',
  'netavark',
  'aardvark-dns',
  'busybox',
  'iptables',
  'nsenter',
] as const

/** Podman would raise them above what this process may have. */
const limits = ['--ulimit', 'nofile=1024:2048', '--ulimit', 'nproc=1000:2000']

const startMs = 60_000

export async function startPodman(name = 'podman01'): Promise<PodmanHost> {
  const host = await playHost(name)
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-podman-'))
  const places = ['--root', join(folder, 'root'), '--network-config-dir', join(folder, 'networks')]
  const choices =
    '--runroot /run/podman-root --network-backend netavark --cgroup-manager=cgroupfs --runtime /usr/sbin/runc'
  const command = ['podman', ...places, ...choices.split(' '), '--events-backend', 'file']
  const podman = (...args: readonly string[]): string => host.run([...command, ...args]).trim()
  const end = async (): Promise<void> => {
    host.try(['timeout', '20', ...command, 'rm', '-fa', '-t', '0'])
    await host.end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  try {
    podman('import', rootfs(host, folder), image)
    host.run(['mkdir', '-p', '/run/podman'])
    const service = [...command, 'system', 'service', '--time=0', 'unix:///run/podman/podman.sock']
    const start = '"$@" > /run/service.log 2>&1 < /dev/null & echo $! > /run/service.pid'
    host.run(['sh', '-c', start, 'sh', ...service])
    for (const deadline = Date.now() + startMs; ;) {
      if (existsSync(host.path('/run/podman/podman.sock'))) break
      if (Date.now() > deadline) throw new Error(`podman said: ${host.read('/run/service.log').toString()}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  } catch (error) {
    await end()
    throw error
  }
  return {
    host,
    podman,
    start: (name, ...args) => {
      podman('run', '-d', '--name', name, ...limits, ...args, image, '/bin/sleep', '3600')
    },
    endService: () => {
      host.run(['sh', '-c', 'kill $(cat /run/service.pid)'])
    },
    end,
  }
}
