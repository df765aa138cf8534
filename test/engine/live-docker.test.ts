/** What Docker's own client does while a live World is kept is in it within a second. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { Container, EngineNetwork } from '../../src/model/engine.ts'
import type { World } from '../../src/model/world.ts'
import { startWorker, type PlayedWorker } from '../live/support-worker.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { requires } from '../support/requires.ts'

/** As the design has it, from the moment at which the client has ended. */
const wantedMs = 1000
/** Where the machine does much else; then the quickest of several counts. */
const limitMs = 20_000
const most = 4

describe.runIf(requires({ root: true, tools: dockerTools }))('a live World beside a real Docker', () => {
  let engine: DockerHost
  let worker: PlayedWorker
  const sleep = [image, '/bin/sleep', '3600'] as const

  beforeAll(async () => {
    engine = await startDocker()
    engine.docker('run', '-d', '--name', 'web', ...sleep)
    worker = await startWorker(engine.host)
    await worker.until(({ world }) => containerIn(world, 'web') !== undefined, limitMs)
  })
  afterAll(async () => {
    await worker?.stop()
    await engine?.end()
  })

  const docker = (world: World) => listOf(world.engines ?? []).find((each) => each.engine === 'docker')
  const networkIn = (world: World, name: string): EngineNetwork | undefined =>
    listOf(docker(world)?.networks ?? []).find((each) => each.name === name)
  const containerIn = (world: World, name: string): Container | undefined =>
    listOf(docker(world)?.containers ?? []).find((each) => each.name === name)
  const linksOf = (world: World) => world.netns.flatMap(({ links }) => listOf(links)).map(({ name }) => name)

  const doneAndSeen = async (args: readonly string[], isSeen: (world: World) => boolean): Promise<number> => {
    engine.docker(...args)
    const began = performance.now()
    const seen = await worker.until(({ world }) => isSeen(world), limitMs)
    expect(isSeen(seen.world), args.join(' ')).toBe(true)
    expect(seen.problems).toEqual([])
    return performance.now() - began
  }

  type Deed = readonly [args: readonly string[], isSeen: (world: World) => boolean]

  /** There and back, until both were seen in time. */
  const quickly = async (there: Deed, back: Deed): Promise<void> => {
    const best = [Infinity, Infinity]
    for (let tried = 0; tried < most && Math.max(...best) > wantedMs; tried += 1) {
      for (const [at, [args, isSeen]] of [there, back].entries())
        best[at] = Math.min(best[at] ?? Infinity, await doneAndSeen(args, isSeen))
    }
    expect(Math.max(...best), `${there[0].join(' ')}: ${best.join(' and ')} ms`).toBeLessThan(wantedMs)
  }

  test('a network is created and removed, with its bridge', async () => {
    await quickly(
      [
        ['network', 'create', '--subnet', '10.80.0.0/24', '--attachable', 'made'],
        (world) => {
          const made = networkIn(world, 'made')
          return made?.made?.attachable === true && linksOf(world).includes(made.bridge ?? '')
        },
      ],
      [
        ['network', 'rm', 'made'],
        (world) =>
          networkIn(world, 'made') === undefined && !linksOf(world).some((name) => name.startsWith('br-')),
      ],
    )
  })

  test('a container is connected and disconnected, with its link, its alias and what it asked for', async () => {
    engine.docker('network', 'create', '--subnet', '10.81.0.0/24', 'other')
    const placeOf = (world: World) =>
      containerIn(world, 'web')?.endpoints.find(({ network }) => network === 'other')
    await quickly(
      [
        ['network', 'connect', '--ip', '10.81.0.9', '--alias', 'shop', 'other', 'web'],
        (world) =>
          placeOf(world)?.asked?.ipv4 === '10.81.0.9' &&
          placeOf(world)?.aliases.includes('shop') === true &&
          networkIn(world, 'other')?.members.length === 1 &&
          linksOf(world).includes('eth1'),
      ],
      [
        ['network', 'disconnect', 'other', 'web'],
        (world) =>
          placeOf(world) === undefined &&
          networkIn(world, 'other')?.members.length === 0 &&
          !linksOf(world).includes('eth1'),
      ],
    )
  })

  test('a container is started and stopped, with its namespace', async () => {
    engine.docker('create', '--name', 'box', '--network', 'none', ...sleep)
    const isRunning = (world: World): boolean => {
      const box = containerIn(world, 'box')
      if (box === undefined || isUnknown(box.netns) || box.netns === null) return false
      const { netns } = box
      return box.state === 'running' && world.netns.some(({ id }) => id === netns)
    }
    await quickly(
      [['start', 'box'], isRunning],
      [
        ['stop', '-t', '0', 'box'],
        (world) => containerIn(world, 'box')?.state === 'exited' && !isRunning(world),
      ],
    )
  })

  test('each of these is in the log, in the engine’s words', async () => {
    const lines: string[] = []
    const isAll = (all: readonly string[]): boolean =>
      ['create logged', 'connect logged', 'disconnect logged', 'destroy logged'].every((words) =>
        all.some((line) => line.startsWith(`docker: network ${words}`)),
      )
    engine.docker('network', 'create', 'logged')
    engine.docker('network', 'connect', 'logged', 'web')
    engine.docker('network', 'disconnect', 'logged', 'web')
    engine.docker('network', 'rm', 'logged')
    await worker.until(({ messages }) => {
      for (const message of messages as readonly { readonly type: string }[])
        if (message.type === 'log') lines.push(...logTexts(message))
      return isAll(lines)
    }, limitMs)
    expect(lines).toSatisfy(isAll)
  })
})

function logTexts(message: object): readonly string[] {
  const { entries = [] } = message as { readonly entries?: readonly { readonly text: string }[] }
  return entries.map(({ text }) => text)
}
