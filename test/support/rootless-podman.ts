/** A Podman of a user without root on a host that a test plays, with its service running. It ends with the host, in any case. */
import { existsSync } from 'node:fs'
import { image } from './docker.ts'
import { playHost, type TestHost } from './host.ts'
import { rootlessTools, rootlessUser, type RootlessUser } from './rootless.ts'

export type RootlessPodman = {
  readonly host: TestHost
  readonly user: RootlessUser
  /** The socket of its service, as the host sees it. */
  readonly socket: string
  /** Runs `podman ARG…` as the user; throws with its stderr when it fails. */
  readonly podman: (...args: readonly string[]) => string
  /** Starts a container with a web server at its port 80, by `podman run` with these arguments. */
  readonly start: (name: string, ...args: readonly string[]) => void
  endService(): void
  end(): Promise<void>
}

/** What `requires` must ask for. */
export const rootlessPodmanTools = [
  ...rootlessTools,
  'podman',
  'conmon',
  'runc',
  'netavark',
  'aardvark-dns',
  'iptables',
] as const

const choices =
  '--network-backend netavark --cgroup-manager cgroupfs --events-backend file --runtime /usr/sbin/runc'

const startMs = 60_000

export async function startRootlessPodman(name = 'user01'): Promise<RootlessPodman> {
  const host = await playHost(name)
  let user: RootlessUser | null = null
  const end = async (): Promise<void> => {
    await host.end()
    user?.remove()
  }
  try {
    user = rootlessUser(host)
    const { run, start, uid } = user
    const command = ['podman', '--log-level', 'error', ...choices.split(' ')]
    const socket = `/run/user/${uid}/podman/podman.sock`
    run(...command, 'import', user.image, image)
    run('mkdir', '-p', `/run/user/${uid}/podman`)
    start('service', ...command, 'system', 'service', '--time=0', `unix://${socket}`)
    for (const deadline = Date.now() + startMs; !existsSync(host.path(socket));) {
      if (Date.now() > deadline) throw new Error(`podman said: ${host.read('/run/service.log').toString()}`)
      await new Promise((done) => setTimeout(done, 50))
    }
    return {
      host,
      user,
      socket,
      podman: (...args) => run(...command, ...args),
      start: (container, ...args) => {
        const serve = '/bin/httpd -f -p 80 -h /www'.split(' ')
        run(...command, 'run', '-d', '--name', container, ...args, image, ...serve)
      },
      endService: () => {
        host.run(['sh', '-c', 'kill $(cat /run/service.pid)'])
      },
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}
