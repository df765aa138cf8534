/**
 * Namespaces, links and addresses made and deleted at random while the worker watches. Each seed is printed; run
 * one or several again with CHURN_SEED=1,2, longer with CHURN_SECONDS=60.
 */
import { expect, test } from 'vitest'
import { listOf } from '../../src/model/known.ts'
import { isResolved, peers } from '../../src/derive/peers.ts'
import type { World } from '../../src/model/world.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { startWorker } from './support-worker.ts'
import { nameOf, readOn, settled } from './support-world.ts'

const seeds = (process.env['CHURN_SEED'] ?? '1,2').split(',').map(Number)
const seconds = Number(process.env['CHURN_SECONDS'] ?? 5)

/** mulberry32: small, and the same on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** One random step as `ip` command lines; some fail (the link is gone already), and that is part of it. */
function step(pick: (below: number) => number, alive: string[]): readonly string[] {
  const one = () => alive[pick(alive.length)]
  const within = () => {
    const at = pick(alive.length + 1)
    return at === alive.length ? '' : `-n ${alive[at]} `
  }
  const number = pick(6)
  const name = `n${pick(12)}`
  switch (pick(8)) {
    case 0:
    case 1:
      if (alive.includes(name)) return []
      alive.push(name)
      return [`netns add ${name}`, `link add v${pick(100)} type veth peer name eth0 netns ${name}`]
    case 2: {
      const gone = one()
      if (gone === undefined || alive.length < 3) return []
      alive.splice(alive.indexOf(gone), 1)
      return [`netns del ${gone}`]
    }
    case 3: {
      const other = one()
      return other === undefined
        ? []
        : [`${within()}link add p${number} type veth peer name q${number} netns ${other}`]
    }
    case 4:
      return [`${within()}link del ${['p', 'q'][pick(2)]}${number}`]
    case 5:
      return [`${within()}addr replace 10.${pick(250)}.0.1/24 dev lo`]
    case 6:
      return [`${within()}link set ${['lo', 'eth0', `p${number}`][pick(3)]} ${['up', 'down'][pick(2)]}`]
    default:
      return [`${within()}rule add from 10.${pick(250)}.0.0/16 lookup ${100 + pick(50)}`]
  }
}

/** Pairs that are shown but whose other end does not show the same. */
function crooked(world: World): readonly string[] {
  const index = peers(world.netns)
  return world.netns.flatMap((netns) =>
    listOf(netns.links).flatMap((link) => {
      const peer = index.peerOf(netns.id, link.ifindex)
      if (!isResolved(peer)) return []
      const back = index.peerOf(peer.netns, peer.ifindex)
      const ok = isResolved(back) && back.netns === netns.id && back.ifindex === link.ifindex
      return ok ? [] : [`${nameOf(netns)}/${link.name} → ${peer.name}`]
    }),
  )
}

const unresolved = (world: World) => {
  const index = peers(world.netns)
  return world.netns.flatMap((netns) =>
    listOf(netns.links).filter(
      ({ kind, ifindex }) => kind === 'veth' && !isResolved(index.peerOf(netns.id, ifindex)),
    ),
  )
}

const byId = (world: World) => Object.fromEntries(world.netns.map((netns) => [netns.id, settled(netns)]))

/** One random step in a namespace that is too large to be read whole at each event. */
function stepInBig(pick: (below: number) => number): string {
  const link = `${['p', 'q'][pick(2)]}${pick(200)}`
  switch (pick(7)) {
    case 0:
      return `-n big link set ${link} down`
    case 1:
      return `-n big link set ${link} up`
    case 2:
      return `-n big addr replace 10.${200 + pick(5)}.${pick(250)}.1/24 dev ${link}`
    case 3:
      return `-n big link del ${link}`
    case 4:
      return `-n big link add r${pick(9)} type veth peer name s${pick(9)}`
    case 5:
      return `-n big link set ${link} mtu ${1300 + pick(200)}`
    default:
      return `-n big route replace 172.16.${pick(250)}.0/24 dev ${link}`
  }
}

function removeIpv6Noise(host: TestHost, netns = '/proc/1/ns/net'): void {
  // Duplicate address detection and router solicitation go on for seconds after the last step.
  for (const which of ['all', 'default']) {
    const write = `echo 1 > /proc/sys/net/ipv6/conf/${which}/disable_ipv6`
    host.run(['nsenter', `--net=${netns}`, 'sh', '-c', write])
  }
}

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  test.each(seeds)(
    'seed %i',
    async (seed) => {
      const host = await playHost()
      try {
        removeIpv6Noise(host)
        const worker = await startWorker(host)
        const pick = random(seed)
        const alive: string[] = []
        const end = performance.now() + seconds * 1000
        let steps = 0
        while (performance.now() < end) {
          const lines = Array.from({ length: 1 + pick(10) }, () => step(pick, alive)).flat()
          host.try(['sh', '-c', lines.map((line) => `ip ${line} 2>/dev/null`).join('\n')])
          steps += lines.length
          const seen = await worker.look()
          if (seen.complete) expect(crooked(seen.world), `seed ${seed}, step ${steps}`).toEqual([])
          expect(seen.problems, `seed ${seed}, step ${steps}`).toEqual([])
        }
        await new Promise((resolve) => setTimeout(resolve, 200))
        const { world, problems } = await worker.look()
        const { world: fresh } = await readOn(host)
        console.info(`churn: seed ${seed}, ${steps} steps, ${world.netns.length} namespaces`)
        expect(byId(world)).toEqual(byId(fresh))
        expect(unresolved(world)).toEqual([])
        expect(problems).toEqual([])
        await worker.stop()
      } finally {
        await host.end()
      }
    },
    (seconds + 60) * 1000,
  )

  test(
    'in a namespace with a thousand rows',
    async () => {
      const host = await playHost()
      try {
        host.ip('netns add big')
        removeIpv6Noise(host, '/run/netns/big')
        const pairs = Array.from({ length: 200 }, (_, n) => n)
        host.run(['ip', '-n', 'big', '-batch', '-'], {
          input: pairs
            .flatMap((n) => [
              `link add p${n} type veth peer name q${n}`,
              `link set p${n} up`,
              `link set q${n} up`,
              `addr add 10.${n}.0.1/24 dev p${n}`,
              `addr add 10.${n}.0.2/24 dev q${n}`,
              '',
            ])
            .join('\n'),
        })
        const worker = await startWorker(host)
        const first = await worker.until(({ complete }) => complete, 20_000)
        expect(
          listOf(first.world.netns.find((each) => nameOf(each) === 'big')?.routes ?? []).length,
        ).toBeGreaterThan(1000)
        const seed = seeds[0] ?? 1
        const pick = random(seed)
        const end = performance.now() + seconds * 1000
        while (performance.now() < end) {
          const lines = Array.from({ length: 1 + pick(5) }, () => stepInBig(pick))
          host.try(['sh', '-c', lines.map((line) => `ip ${line} 2>/dev/null`).join('\n')])
          expect((await worker.look()).problems, `seed ${seed}`).toEqual([])
        }
        const { world: fresh } = await readOn(host)
        const same = await worker.until(
          ({ world }) => JSON.stringify(byId(world)) === JSON.stringify(byId(fresh)),
        )
        expect(byId(same.world)).toEqual(byId(fresh))
        await worker.stop()
      } finally {
        await host.end()
      }
    },
    (seconds + 60) * 1000,
  )
}
