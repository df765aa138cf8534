/**
 * A host of one's own for a live test: private network, mount, pid, UTS and IPC namespaces, a /proc that shows only
 * what runs in it, an empty /run/netns. Tests that each play a host run beside each other, and the machine's
 * own network is never touched.
 *
 * Everything hangs on one process, PID 1 of the host, which ends when its standard input closes: when the test
 * ends, fails or is killed, the kernel takes the whole host away.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'

export type TestHost = {
  /** Pid, on the machine, of the host's PID 1. */
  readonly pid: number
  /** Puts `nsenter` in front of a command, so that it runs on the host. */
  inside(command: readonly string[]): readonly [string, ...string[]]
  /** Runs a command on the host; throws with its stderr when it fails. */
  run(command: readonly string[], options?: { readonly input?: string }): string
  /** Like run, but gives what came out whatever the exit code. */
  try(command: readonly string[]): {
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }
  /** Runs a list of `ip` command lines in one go (`ip -batch -`). */
  ip(...lines: readonly string[]): void
  /** Starts a process that stays on the host until the host ends. */
  spawn(command: readonly string[]): ChildProcess
  /** The bytes of a file of the host. */
  read(file: string): Buffer
  /** A path that leads to a file of the host, from outside: `/proc/PID/root/run/netns/a`. */
  path(inside: string): string
  end(): Promise<void>
}

/**
 * `/run` is a tmpfs of the host's own, so that `ip netns add` leaves nothing on the machine; /run/netns is made
 * shared, as `ip netns` would, before anything is mounted in it.
 */
const script = `
mount --make-rprivate / &&
mount -t proc proc /proc &&
mount -t tmpfs tmpfs /run && mkdir -p /run/netns && mount --bind /run/netns /run/netns && mount --make-shared /run/netns &&
mount -t tmpfs tmpfs /etc/netns 2>/dev/null
hostname "$1"
ip link set lo up && echo ready && read -r line
`

export async function playHost(name = 'vm01'): Promise<TestHost> {
  const holder = spawn(
    'unshare',
    [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      script,
      'host',
      name,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  let stderr = ''
  holder.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ready = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'exit').then(() => false),
  ])
  if (!ready) throw new Error(`could not play a host: ${stderr}`)
  const pid = firstChild(holder.pid ?? 0)
  const children: ChildProcess[] = []

  const inside = (command: readonly string[]): readonly [string, ...string[]] => [
    'nsenter',
    `--target=${pid}`,
    '--net',
    '--mount',
    '--pid',
    '--uts',
    '--ipc',
    '--',
    ...command,
  ]
  const attempt = (command: readonly string[], input?: string) => {
    const [file, ...args] = inside(command)
    const result = spawnSync(file, args, { encoding: 'utf8', input: input ?? '', maxBuffer: 1 << 28 })
    if (result.error !== undefined) throw result.error
    return { code: result.status, stdout: result.stdout, stderr: result.stderr }
  }
  const run = (command: readonly string[], options: { readonly input?: string } = {}): string => {
    const result = attempt(command, options.input)
    if (result.code !== 0) throw new Error(`${command.join(' ')}: exit ${result.code}: ${result.stderr}`)
    return result.stdout
  }

  return {
    pid,
    inside,
    run,
    try: (command) => attempt(command),
    ip: (...lines) => {
      run(['ip', '-batch', '-'], { input: lines.join('\n') + '\n' })
    },
    spawn: (command) => {
      const [file, ...args] = inside(command)
      const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
      children.push(child)
      return child
    },
    path: (path) => `/proc/${pid}/root${path}`,
    read: (file) => readFileSync(`/proc/${pid}/root${file}`),
    end: async () => {
      for (const child of children) child.kill('SIGKILL')
      if (holder.exitCode !== null || holder.signalCode !== null) return
      const gone = once(holder, 'exit')
      holder.stdin.end()
      await gone
    },
  }
}

/** `unshare --fork` stays outside; its only child is PID 1 of the host. */
function firstChild(pid: number): number {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) throw new Error(`no ${file}: is CONFIG_PROC_CHILDREN missing?`)
  const child = Number(readFileSync(file, 'utf8').trim().split(' ')[0])
  if (!Number.isInteger(child) || child <= 0) throw new Error('the host has no first process')
  return child
}
