/** Fifty nodes of a lab beside fifty endpoints of Docker, on one host, in turn: each a call of the command line, as people and scripts do it. */
import { startDocker, image } from '../support/docker.ts'
import type { Section } from './bench.ts'
import { median } from './figures.ts'

const count = 50

export async function measureLabs(rounds: number, program: string): Promise<Section> {
  const engine = await startDocker('bench')
  try {
    const { host } = engine
    const docker = (...args: readonly string[]) => engine.docker(...args)
    const ours = (...argv: readonly string[]) => host.run([process.execPath, program, ...argv, '--yes'])
    const each = (what: (name: string) => void): number => {
      const began = performance.now()
      for (let n = 0; n < count; n += 1) what(`n${n}`)
      return performance.now() - began
    }
    docker('network', 'create', '--subnet', '10.88.0.0/16', 'dnet')
    each((name) => docker('run', '-d', '--name', `c${name}`, image, '/bin/sleep', '3600'))
    ours('net', 'create', 'lab0', '--subnet', '10.89.0.0/16')
    ours('net', 'create', 'lab1', '--subnet', '10.90.0.0/16')
    const taken: Record<string, number[]> = {}
    const note = (figure: string, ms: number) => void (taken[figure] ??= []).push(ms)
    for (let round = 0; round < rounds; round += 1) {
      note(
        'docker network connect',
        each((name) => docker('network', 'connect', 'dnet', `c${name}`)),
      )
      note(
        'docker network disconnect',
        each((name) => docker('network', 'disconnect', 'dnet', `c${name}`)),
      )
      note(
        'vethscope node add',
        each((name) => ours('node', 'add', name, '--network', 'lab0')),
      )
      note(
        'vethscope net connect',
        each((name) => ours('net', 'connect', 'lab1', name)),
      )
      note(
        'vethscope net disconnect',
        each((name) => ours('net', 'disconnect', 'lab1', name)),
      )
      note(
        'vethscope node rm',
        each((name) => ours('node', 'rm', name)),
      )
    }
    const of = (figure: string) => median(taken[figure] ?? [])
    const row = (figure: string, rival: string, what: string) => ({
      figure: `${figure} (${what})`,
      'ms each': (of(figure) / count).toFixed(0),
      'times Docker': (of(figure) / of(rival)).toFixed(2),
    })
    const [connect, disconnect] = ['docker network connect', 'docker network disconnect']
    return {
      group: 'labs',
      title: `${count} nodes beside ${count} endpoints of Docker, a process each`,
      rows: [
        row(connect, connect, 'a running container'),
        row('vethscope net connect', connect, 'a node that is there'),
        row('vethscope node add', connect, 'namespace, veth pair, address, names'),
        row(disconnect, disconnect, 'a running container'),
        row('vethscope net disconnect', disconnect, 'a node that stays'),
        row('vethscope node rm', disconnect, 'all of it'),
      ],
    }
  } finally {
    await engine.end()
  }
}
