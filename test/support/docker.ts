/**
 * A real Docker Engine on a host that a test plays: dockerd with its data in a folder of its own and an image made of
 * busybox, so that no registry is needed. It ends with the host, in any case.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, copyFileSync, existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playHost, type TestHost } from './host.ts'

export type DockerHost = {
  readonly host: TestHost
  /** `unix:///run/docker.sock`, as seen on the host. */
  readonly address: string
  /** Runs `docker ARG…` on the host; throws with its stderr when it fails. */
  docker(...args: readonly string[]): string
  /** The JSON that `docker … inspect` prints. */
  inspect(...args: readonly string[]): unknown
  /** Ends the daemon as a service is stopped: what it leaves on the host stays. Containers end, unless it was started with --live-restore. */
  stopDaemon(): Promise<void>
  /** Starts it again and waits for its answer. */
  startDaemon(): Promise<void>
  end(): Promise<void>
}

/** What `requires` must ask for. */
export const dockerTools = ['dockerd', 'docker', 'busybox', 'iptables', 'nsenter'] as const

/** The name of the image. */
export const image = 'busybox:local'

const applets = ['sh', 'sleep', 'ping', 'wget', 'httpd', 'nslookup', 'nc', 'cat', 'ls', 'ip', 'udhcpc']

const startMs = 60_000

export async function startDocker(name = 'docker01', ...options: readonly string[]): Promise<DockerHost> {
  const host = await playHost(name)
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-docker-'))
  const address = 'unix:///run/docker.sock'
  const log = join(folder, 'log')
  const docker = (...args: readonly string[]): string => host.run(['docker', '-H', address, ...args]).trim()
  const end = async (): Promise<void> => {
    // The kernel takes the processes and namespaces away with the host; control groups it would leave.
    const ids = host
      .try(['timeout', '20', 'docker', '-H', address, 'ps', '-aq'])
      .stdout.split('\n')
      .filter(Boolean)
    if (ids.length > 0) host.try(['timeout', '20', 'docker', '-H', address, 'rm', '-f', ...ids])
    await host.end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  const startDaemon = async (): Promise<void> => {
    // --exec-root below /run, which is the host's own: namespaces and containerd's socket go away with it.
    const dockerd = ['dockerd', '--data-root', join(folder, 'data'), '--exec-root', '/run/docker']
    const places = ['-H', address, '-p', '/run/docker.pid', ...options]
    const script = 'log=$1; shift; "$@" > "$log" 2>&1 < /dev/null &'
    host.run(['sh', '-c', script, 'sh', log, ...dockerd, ...places])
    await answers(host, address, log)
  }
  try {
    await startDaemon()
    const tar = rootfs(host, folder)
    docker('import', tar, image)
  } catch (error) {
    await end()
    throw error
  }
  return {
    host,
    address,
    docker,
    inspect: (...args) => JSON.parse(docker(...args)) as unknown,
    stopDaemon: () => stopped(host),
    startDaemon,
    end,
  }
}

async function answers(host: TestHost, address: string, log: string): Promise<void> {
  const asks = ['docker', '-H', address, 'version']
  for (const deadline = Date.now() + startMs; Date.now() < deadline;) {
    if (host.try(asks).code === 0) return
    await new Promise((done) => setTimeout(done, 200))
  }
  const said = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-15).join('\n') : ''
  throw new Error(`dockerd did not answer in ${startMs} ms; it said: ${said}`)
}

/** Nobody waits for it on the host: what is left of it is a zombie. */
async function stopped(host: TestHost): Promise<void> {
  const pid = host.read('/run/docker.pid').toString().trim()
  host.run(['kill', pid])
  for (const deadline = Date.now() + startMs; Date.now() < deadline;) {
    const { code, stdout } = host.try(['cat', `/proc/${pid}/stat`])
    if (code !== 0 || stdout.includes(') Z')) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`dockerd did not end in ${startMs} ms`)
}

/** A tar of a root file system with busybox and links to it. */
export function rootfs(host: TestHost, folder: string): string {
  const root = join(folder, 'rootfs')
  for (const each of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'www']) {
    mkdirSync(join(root, each), { recursive: true })
  }
  copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet))
  const tar = join(folder, 'rootfs.tar')
  host.run(['tar', '-C', root, '-cf', tar, '.'])
  return tar
}
