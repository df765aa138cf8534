/** Shipped examples on the real kernel, each on a host of its own, and what shows that one works. */
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ChangeResult } from '../../src/model/change-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Answer = {
  readonly code: number | null
  readonly changes: readonly ChangeResult[]
  readonly said: string
}

export type Player = {
  readonly host: TestHost
  /** argv of vethscope. */
  readonly program: readonly string[]
  /** As it was when the test began. */
  readonly before: HostState
  readonly state: () => HostState
  readonly run: (...args: readonly string[]) => ReturnType<TestHost['try']>
  /** With --yes and --json. */
  readonly change: (...args: readonly string[]) => Answer
  readonly exits: (node: string, ...command: readonly string[]) => number | null
  readonly pings: (from: string, to: string, ...more: readonly string[]) => boolean
}

/** `tests` get who plays, which is another one for each of them. */
export function onPlayedHosts(title: string, tests: (player: () => Player) => void): void {
  describe.runIf(requires({ root: true, tools: ['ip', 'bridge', 'nft', 'nsenter', 'ping', 'python3'] }))(
    title,
    () => {
      let main: string
      let player: Player | null = null
      beforeAll(async () => {
        main = join(await buildVethscope(), 'main.js')
      }, 60_000)
      beforeEach(async () => {
        player = playerOn(await playHost('vm01'), main)
      })
      afterEach(async () => player?.host.end())
      tests(() => {
        if (player === null) throw new Error('no host is played')
        return player
      })
    },
  )
}

function playerOn(host: TestHost, main: string): Player {
  const program = [process.execPath, main]
  const run = (...args: readonly string[]) => host.try([...program, ...args])
  const exits = (node: string, ...command: readonly string[]) =>
    host.try(['ip', 'netns', 'exec', node, ...command]).code
  const state = () => withoutLinkLocal(stateOf(host))
  return {
    host,
    program,
    before: state(),
    state,
    run,
    exits,
    change: (...args) => {
      const { code, stdout, stderr } = run(...args, '--yes', '--json')
      const said = JSON.parse(stdout === '' ? stderr : stdout) as ChangeResult | readonly ChangeResult[]
      const all: readonly ChangeResult[] = 'length' in said ? said : [said]
      return { code, changes: all.filter((each) => 'applied' in each), said: stdout + stderr }
    },
    pings: (from, to, ...more) => exits(from, 'ping', '-c1', '-W3', ...more, to) === 0,
  }
}

/** Addresses that come by themselves have their routes later. */
function withoutLinkLocal(state: HostState): HostState {
  return Object.fromEntries(
    Object.entries(state).map(([part, lines]) => [part, lines.filter((line) => !line.includes('fe80::'))]),
  )
}

/** Made, it works; made again, nothing has to be done; undone, and removed, the host is as before. */
export function example(player: () => Player, name: string, works: (player: Player) => void): void {
  test(
    name,
    () => {
      const { change, state, before } = player()
      const made = change('example', name)
      expect(
        made.changes.every(({ applied, verified }) => applied && verified),
        made.said,
      ).toBe(true)
      expect(made.code, made.said).toBe(0)
      works(player())
      const there = state()
      const again = change('example', name)
      expect(again.changes.map(({ id }) => id)).toEqual(made.changes.map(() => null))
      expect(state()).toEqual(there)
      if (made.changes.length === 1) {
        const undone = change('undo')
        expect(undone.code, undone.said).toBe(0)
        expect(state()).toEqual(before)
        expect(change('example', name).code).toBe(0)
      }
      const removed = change('example', name, '--remove')
      expect(removed.code, removed.said).toBe(0)
      expect(state()).toEqual(before)
      expect(change('example', name, '--remove').changes.map(({ id }) => id)).toEqual([null])
    },
    240_000,
  )
}
