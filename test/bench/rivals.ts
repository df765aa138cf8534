/** What the collector is compared with, each as its users run it, and each inside the same host. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { TestHost } from '../support/host.ts'

export type Rival = {
  readonly name: string
  /** Seconds of one round. */
  readonly round: (host: TestHost) => number
}

/** The same questions that the collector asks, one `ip` and one `bridge` process a namespace, four at once. */
const ipBatch = `
printf 'link show\\naddr show\\nroute show table all\\nneigh show\\n' > /run/questions
one() { ip -n "$1" -j -d -batch /run/questions; bridge -n "$1" -j -d fdb show; }
ip -j -d -batch /run/questions > /dev/null; bridge -j -d fdb show > /dev/null
export -f one
ls /run/netns | xargs -P 4 -I{} bash -c 'one {}' > /dev/null
`

/** What people type. */
const shellLoop = `
for n in $(ls /run/netns); do
  ip netns exec $n ip -d link; ip netns exec $n ip addr; ip netns exec $n ip route show table all
  ip netns exec $n ip neigh; ip netns exec $n bridge fdb show
done > /dev/null
`

export function rivals(limitProgram: string): readonly Rival[] {
  return [
    { name: 'C program, the same dumps', round: (host) => limitRound(host, limitProgram) },
    { name: 'plotnetcfg', round: (host) => timed(host, ['sh', '-c', 'plotnetcfg > /dev/null']) },
    { name: 'ip -batch, a process a namespace', round: (host) => timed(host, ['bash', '-c', ipBatch]) },
    { name: 'a shell loop', round: (host) => timed(host, ['sh', '-c', shellLoop]) },
  ]
}

/** The third of three rounds in one process: it is warm, as our collector is. */
function limitRound(host: TestHost, program: string): number {
  const last = host.run([program, '3']).trim().split('\n').at(-1) ?? ''
  return Number(last.split(' ')[0])
}

function timed(host: TestHost, command: readonly string[]): number {
  const start = process.hrtime.bigint()
  host.run(command)
  return Number(process.hrtime.bigint() - start) / 1e9
}

export function compileLimit(root: string, out: string): string {
  const program = join(out, 'limit')
  const made = spawnSync('cc', ['-O2', '-o', program, join(root, 'test/bench/limit.c')], { encoding: 'utf8' })
  if (made.status !== 0)
    throw new Error(`cc: ${made.stderr || made.error?.message}: apt-get install gcc libc6-dev`)
  return program
}
