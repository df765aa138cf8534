/**
 * A host of one's own for a live test: private network, mount, pid, UTS and IPC namespaces, a /proc that shows only
 * what runs in it, an empty /run/netns. Tests that each play a host run beside each other, and the machine's
 * own network is never touched.
 *
 * Everything hangs on one process, PID 1 of the host, which ends when its standard input closes: when the test
 * ends, fails or is killed, the kernel takes the whole host away.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { runWithFiles, spawnWithPipes } from './without-sockets.ts'

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
  /**
   * Starts a process that stays on the host until the host ends, with nothing of ours open in it. Resolves with its
   * first line once it has said one.
   */
  start(command: readonly string[]): Promise<string>
  /** The bytes of a file of the host. */
  read(file: string): Buffer
  /** A path that leads to a file of the host, from outside: `/proc/PID/root/run/netns/a`. */
  path(inside: string): string
  end(): Promise<void>
}

/**
 * `/run` is a tmpfs of the host's own, and what is written to /etc stays on it (/etc/netns, /etc/docker), so that `ip netns add` leaves
 * nothing on the machine; /run/netns is made shared, as `ip netns` would, before anything is mounted in it.
 */
const script = `
mount --make-rprivate / &&
mount -t proc proc /proc &&
mount -t tmpfs tmpfs /run && mkdir /run/upper /run/work &&
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc && rm -rf /etc/netns &&
mount -t tmpfs tmpfs /run && mkdir -p /run/netns && mount --bind /run/netns /run/netns && mount --make-shared /run/netns &&
hostname "$1" &&
ip link set lo up && echo ready && read -r line
`

const isolation = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child']

export async function playHost(name = 'vm01'): Promise<TestHost> {
  // Node's own "pipes" are sockets of the machine's network namespace; with a `cat` on either side none of them is
  // open on the host, where it would be found as another namespace that a socket holds.
  const holder = spawn(
    'sh',
    ['-c', 'cat | unshare "$@" 2>&1 | cat', 'sh', ...isolation, 'sh', '-c', script, 'host', name],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const said = await Promise.race([
    once(holder.stdout, 'data').then(([data]: Buffer[]) => String(data)),
    once(holder, 'exit').then(() => 'it ended'),
  ])
  if (!said.includes('ready')) throw new Error(`could not play a host: ${said}`)
  const pid = firstProcess(holder.pid ?? 0)
  const children: ChildProcess[] = []
  let started = 0

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
    return runWithFiles(file, args, input ?? '')
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
      const child = spawnWithPipes(file, args)
      children.push(child)
      return child
    },
    start: async (command) => {
      const log = `/run/said.${++started}`
      run(['sh', '-c', ': > "$0"; "$@" < /dev/null > "$0" 2>&1 &', log, ...command])
      for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
        const said = readFileSync(`/proc/${pid}/root${log}`, 'utf8')
        if (said.includes('\n')) return said.split('\n')[0] ?? ''
        await new Promise((done) => setTimeout(done, 10))
      }
      throw new Error(`${command.join(' ')}: said nothing in 10 s`)
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

/** `unshare --fork` stays outside, a child of the shell; its own child is PID 1 of the host. */
function firstProcess(shell: number): number {
  const unshare = childrenOf(shell).find(
    (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'unshare',
  )
  const [first] = unshare === undefined ? [] : childrenOf(unshare)
  if (first === undefined) throw new Error('the host has no first process')
  return first
}

function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) throw new Error(`no ${file}: is CONFIG_PROC_CHILDREN missing?`)
  return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number)
}
