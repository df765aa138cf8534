/**
 * A user without root on a host that a test plays: known to /etc/passwd there only (on the machine nothing is written),
 * with ids of its own for user namespaces, a home and a folder below /run/user.
 */
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootfs } from './docker.ts'
import type { TestHost } from './host.ts'

export type RootlessUser = {
  readonly uid: number
  readonly home: string
  /** A tar of a root file system, which the user may read. */
  readonly image: string
  /** Runs a command as the user; throws with its stderr when it fails. */
  readonly run: (...command: readonly string[]) => string
  /** Starts one that stays; what it says goes to `/run/NAME.log`, its pid to `/run/NAME.pid`. */
  readonly start: (name: string, ...command: readonly string[]) => void
  /** Removes the home; after the host's end. */
  readonly remove: () => void
}

/** What `requires` must ask for. */
export const rootlessTools = ['newuidmap', 'setpriv', 'slirp4netns', 'busybox', 'nsenter', 'ip'] as const

const uid = 4242

/** `/dev/net/tun` is root's own on some machines; the address is one that slirp4netns can be reached at from inside. */
const script = `
mkdir -p /run/etc /run/user/${uid} &&
for each in passwd group subuid subgid; do cat /etc/$each > /run/etc/$each 2>/dev/null || : > /run/etc/$each; done &&
echo "rootless:x:${uid}:${uid}::$0:/bin/sh" >> /run/etc/passwd && echo 'rootless:x:${uid}:' >> /run/etc/group &&
echo 'rootless:4300000:65536' | tee /run/etc/subuid > /run/etc/subgid &&
for each in passwd group subuid subgid; do
  [ -e /etc/$each ] || exit 1; mount --bind /run/etc/$each /etc/$each || exit 1
done &&
mknod /run/etc/tun c 10 200 && chmod 666 /run/etc/tun && mount --bind /run/etc/tun /dev/net/tun &&
chown ${uid}:${uid} /run/user/${uid} && chmod 755 /run && chmod 700 /run/user/${uid} &&
ip link add out type veth peer name out1 && ip addr add 10.77.0.1/24 dev out && ip link set out up && ip link set out1 up`

export function rootlessUser(host: TestHost): RootlessUser {
  const home = mkdtempSync(join(tmpdir(), 'vethscope-user-'))
  const image = rootfs(host, home)
  chownSync(home, uid, uid)
  host.run(['sh', '-c', script, home])
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'env', '-i', '-C', home]
  const env = [`HOME=${home}`, `XDG_RUNTIME_DIR=/run/user/${uid}`, 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']
  return {
    uid,
    home,
    image,
    run: (...command) => host.run([...become, ...env, ...command]).trim(),
    start: (name, ...command) => {
      const log = `/run/${name}`
      host.run([
        'sh',
        '-c',
        '"$@" > "$0.log" 2>&1 < /dev/null & echo $! > "$0.pid"',
        log,
        ...become,
        ...env,
        ...command,
      ])
    },
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
}
