/** Processes that watch over one container each; their command lines say which, and what it is called. Pure but for /proc. */
import type { EngineName } from '../../model/engine.ts'
import type { Process } from '../../model/process.ts'
import { bytesOf, isErrno } from '../discover/file-access.ts'

export type Monitored = {
  readonly engine: EngineName
  readonly id: string
  /** Null: the command line does not tell. */
  readonly name: string | null
  /** The folder with the container's config.json; null: that of the monitor's working folder. */
  readonly bundle?: string | null
  /** Of a shim: containerd's socket, and the namespace that the container has there. */
  readonly containerd?: { readonly address: string; readonly namespace: string }
}

/** Comm is cut off after 15 bytes. */
const monitors: ReadonlyMap<string, (args: readonly string[]) => Monitored | null> = new Map([
  ['conmon', ofConmon],
  ['containerd-shim', ofShim],
  ['systemd-nspawn', ofNspawn],
  ['lxc-start', ofLxc],
  ['lxc-execute', ofLxc],
  // LXD and Incus watch with a fork of themselves.
  ['lxd', ofLxc],
  ['incusd', ofLxc],
])

export function isMonitor({ comm }: Process): boolean {
  return monitors.has(comm)
}

/** Null: no monitor, or one that could not be asked. */
export function monitoredBy(proc: string, { pid, comm }: Process): Monitored | null {
  const parse = monitors.get(comm)
  const line = parse === undefined ? null : bytesOf(`${proc}/${pid}/cmdline`)
  if (parse === undefined || line === null || isErrno(line)) return null
  return parse(line.toString('utf8').split('\0'))
}

/** `conmon --api-version 1 -c ID -u ID -r runc … -n NAME --exit-dir /run/libpod/exits …`; CRI-O's has its own folders. */
export function ofConmon(args: readonly string[]): Monitored | null {
  const id = after(args, '-c', '--cid')
  if (id === null) return null
  const isCrio = after(args, '--exit-dir')?.includes('crio') === true
  const [name, bundle] = [after(args, '-n', '--name'), after(args, '-b', '--bundle')]
  return { engine: isCrio ? 'cri' : 'podman', id, name, ...(bundle === null ? {} : { bundle }) }
}

/** `containerd-shim-runc-v2 -namespace moby -id ID -address …`: Docker and Kubernetes have namespaces of their own. */
export function ofShim(args: readonly string[]): Monitored | null {
  const id = after(args, '-id')
  if (id === null) return null
  const [namespace, address] = [after(args, '-namespace'), after(args, '-address')]
  if (namespace === 'moby') return { engine: 'docker', id, name: null }
  const at = address === null || namespace === null ? {} : { containerd: { address, namespace } }
  if (namespace === 'k8s.io') return { engine: 'cri', id, name: null, bundle: null, ...at }
  // Elsewhere the id is what the user called it, or nerdctl's number.
  const name = /^[0-9a-f]{64}$/.test(id) ? null : id
  return { engine: 'containerd', id, name, bundle: null, ...at }
}

/** `systemd-nspawn --machine=NAME …`, `-M NAME`, else the folder's name (systemd-nspawn(1)). */
export function ofNspawn(args: readonly string[]): Monitored | null {
  const long = args.find((arg) => arg.startsWith('--machine='))?.slice('--machine='.length)
  const folder = args.find((arg) => arg.startsWith('--directory='))?.slice('--directory='.length)
  const name =
    long ?? after(args, '-M', '--machine') ?? (folder ?? after(args, '-D', '--directory'))?.split('/').pop()
  return name === undefined || name === '' ? null : { engine: 'nspawn', id: name, name }
}

/** `[lxc monitor] /var/lib/lxc NAME`: the title that liblxc gives the process that stays (lxc_monitor's setproctitle). */
export function ofLxc([title = '']: readonly string[]): Monitored | null {
  const name = /^\[lxc monitor\] \S.* ([^ /]+)$/.exec(title.trimEnd())?.[1]
  return name === undefined ? null : { engine: 'lxc', id: name, name }
}

function after(args: readonly string[], ...flags: readonly string[]): string | null {
  const at = args.findIndex((arg) => flags.includes(arg))
  return at < 0 ? null : (args[at + 1] ?? null)
}
