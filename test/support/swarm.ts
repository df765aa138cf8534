/** Two real Docker Engines in a Swarm: two hosts joined by a veth, an attachable overlay, a container on each. */
import { spawnSync } from 'node:child_process'
import { image, startDocker, type DockerHost } from './docker.ts'

export type Swarm = {
  /** The manager, and the worker. */
  readonly nodes: readonly [DockerHost, DockerHost]
  readonly end: () => Promise<void>
}

const joinMs = 30_000

/** On the manager runs `left`, on the worker `right`, both on the overlay `ov1`. */
export async function startSwarm(names: readonly [string, string] = ['node1', 'node2']): Promise<Swarm> {
  const started: DockerHost[] = []
  const end = async (): Promise<void> => {
    for (const node of started) await node.end()
  }
  try {
    const one = await startDocker(names[0])
    started.push(one)
    const two = await startDocker(names[1])
    started.push(two)
    wire(one, two)
    one.docker('swarm', 'init', '--advertise-addr', '10.99.0.1')
    const token = one.docker('swarm', 'join-token', '-q', 'worker')
    two.docker('swarm', 'join', '--token', token, '--advertise-addr', '10.99.0.2', '10.99.0.1:2377')
    one.docker('network', 'create', '-d', 'overlay', '--attachable', '--subnet', '10.77.0.0/24', 'ov1')
    run(one, 'left')
    await runOnceTold(two, 'right')
    return { nodes: [one, two], end }
  } catch (error) {
    await end()
    throw error
  }
}

function run(node: DockerHost, name: string): void {
  node.docker('run', '-d', '--name', name, '--network', 'ov1', image, '/bin/sleep', '3600')
}

/** The network comes to the second node once something there asks for it. */
async function runOnceTold(node: DockerHost, name: string): Promise<void> {
  for (const deadline = Date.now() + joinMs; ;) {
    try {
      run(node, name)
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      // What is left of an attempt that came too early has the name.
      node.host.try(['docker', '-H', node.address, 'rm', '-f', name])
      await new Promise((done) => setTimeout(done, 500))
    }
  }
}

/** A veth between the two; only their own namespaces are touched. */
function wire(one: DockerHost, two: DockerHost): void {
  inside(one, ...`ip link add wire type veth peer name wire netns ${two.host.pid}`.split(' '))
  for (const [node, address] of [
    [one, '10.99.0.1/24'],
    [two, '10.99.0.2/24'],
  ] as const) {
    inside(node, 'ip', 'addr', 'add', address, 'dev', 'wire')
    inside(node, 'ip', 'link', 'set', 'wire', 'up')
  }
}

/** The other node's pid means something on the machine only. */
function inside(node: DockerHost, ...command: readonly string[]): void {
  const done = spawnSync('nsenter', [`--net=/proc/${node.host.pid}/ns/net`, ...command], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.stderr}`)
}
