/** The screen on a recorded host that seems to be live: this stands in for the worker and knows the whole recording. */
import { connectionsWindow } from '../src/derive/connections-window.ts'
import { find } from '../src/derive/find.ts'
import { findings } from '../src/derive/findings/findings.ts'
import { portsView } from '../src/derive/ports-view.ts'
import { rulesWindow } from '../src/derive/rules/rules-window.ts'
import { wayRules } from '../src/derive/way-rules.ts'
import type { FromWorker, Need } from '../src/collect/protocol.ts'
import type { World } from '../src/model/world.ts'
import type { Size } from '../src/tui/frame.ts'
import { openRenderer } from '../src/tui/render/render.ts'
import { themeNames } from '../src/tui/theme.ts'
import { chosenTheme } from '../src/tui/themes.ts'
import { emulator } from '../test/support/emulator.ts'
import { darkPaper, lightPaper, svgOf } from '../test/support/svg.ts'
import { countersOf, live, type Screen } from '../test/tui-unit/screen.ts'

const shipped = themeNames.map((name) => ({ name, title: name }))

export type Stage = {
  readonly it: Screen
  /** Each is answered before the next is pressed. */
  press(...keys: readonly string[]): void
  type(text: string): void
  /** The host is another one now. */
  change(next: World): void
  /** So many seconds pass in which links carry so many bytes in all. */
  pass(seconds: number, bytes: (name: string, second: number) => number): void
  svg(theme?: string): Promise<string>
}

export function stage(given: World, size: Size): Stage {
  let world = given
  // As the program runs where its terminals load.
  const it = live(world, { size, themes: shipped, shells: true })
  let answered = 0
  const answer = (): void => {
    for (; answered < it.effects.length; answered += 1) {
      const effect = it.effects[answered]
      if (effect?.type !== 'need') continue
      const answers = effect.needs.flatMap((need) => answerTo(world, need, effect.generation, it.now))
      for (const each of answers) it.worker(each)
    }
  }
  const check = (): void => it.worker({ type: 'findings', at: it.now, value: findings(world) })
  check()
  answer()
  return {
    it,
    change: (next) => {
      world = next
      it.world(next)
      check()
      answer()
    },
    press: (...keys) => {
      for (const key of keys) {
        it.keys(key)
        answer()
      }
    },
    type: (text) => {
      it.type(text)
      answer()
    },
    pass: (seconds, bytes) => {
      const names = new Map(
        world.netns.flatMap(({ links }) =>
          Array.isArray(links) ? links.map(({ ifindex, name }) => [ifindex, name] as const) : [],
        ),
      )
      const began = it.now
      for (let second = 0; second <= seconds; second += 1) {
        it.now = began + 1000 * second
        it.worker(countersOf(world.netns, it.now, (ifindex) => bytes(names.get(ifindex) ?? '', second)))
        answer()
      }
    },
    svg: (theme = 'dark') => drawn(it, size, theme),
  }
}

function answerTo(world: World, need: Need, generation: number, now: number): readonly FromWorker[] {
  const netns = 'netns' in need ? world.netns.find(({ id }) => id === need.netns) : undefined
  switch (need.kind) {
    case 'rules':
      return [{ type: 'rules', generation, value: rulesWindow(world, need.netns, need) }]
    case 'connections': {
      const conntrack = netns?.conntrack ?? null
      const value = connectionsWindow(world, need.netns, conntrack, need, { grown: {}, readAt: now })
      return [{ type: 'connections', generation, value }]
    }
    case 'details': {
      if (netns === undefined || netns.details === null) return []
      return [{ type: 'details', generation, netns: netns.id, value: netns.details }]
    }
    case 'ports':
      return [{ type: 'ports', value: portsView(world) }]
    case 'way': {
      if (netns === undefined) return []
      const { kind: _, ...way } = need
      return [{ type: 'way', value: wayRules(netns, way) }]
    }
    case 'find':
      return [{ type: 'found', text: need.text, value: find(world, need.text) }]
    default:
      return []
  }
}

/** As a terminal of 256 colours shows it. */
async function drawn(it: Screen, size: Size, name: string): Promise<string> {
  const theme = chosenTheme({ named: name }, {})
  if (!theme.ok) throw new Error(theme.failure.what)
  const terminal = emulator(size.columns, size.rows)
  const renderer = openRenderer({
    term: 'xterm-256color',
    utf8: true,
    size,
    theme: theme.value,
    write: (text) => terminal.write(text),
  })
  renderer.draw(it.frame())
  // What draws charts is loaded late.
  await import('../src/tui/render/charts.ts')
  await new Promise((done) => setTimeout(done, 50))
  await terminal.settled()
  const svg = svgOf(terminal, name === 'light' ? lightPaper : darkPaper)
  renderer.close()
  return svg
}
