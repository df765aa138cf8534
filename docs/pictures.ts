/** The pictures of the README and of docs/screens.md, all from the recorded hosts of fixtures/. */
import { planOf } from '../src/change/plan-of.ts'
import { previewOf } from '../src/change/script.ts'
import type { World } from '../src/model/world.ts'
import { readSnapshot } from '../src/snapshot/read-snapshot.ts'
import { start } from '../test/tui-unit/screen.ts'
import { happening, log } from '../test/tui-unit/log-world.ts'
import { capturedOf, probedOf } from './stage-probes.ts'
import { stage, type Stage } from './stage.ts'

const small = { columns: 80, rows: 24 }
const wide = { columns: 120, rows: 40 }
const middle = { columns: 110, rows: 30 }

/** Path in the repository → content. `fixture`: the file of fixtures/docker. */
export async function pictures(fixture: string): Promise<Readonly<Record<string, string>>> {
  process.env['TZ'] = 'UTC'
  const recorded = await readSnapshot(fixture)
  if (!recorded.ok) throw new Error(recorded.failure.what)
  const world = { ...recorded.value, at: new Date(start).toISOString() }
  const made = {
    start: incident(world).svg(),
    topology: busy(world).svg(),
    find: findOf(world).svg(),
    rules: rules(world).svg(),
    ports: shown(world, middle, '4', 'down').svg(),
    connections: shown(world, middle, '4', '}', '}').svg(),
    namespaces: namespaces(world).svg(),
    networks: shown(world, middle, '5', 'down', 'down').svg(),
    change: changeOf(world).svg(),
    findings: findingsOf(world).svg(),
    probes: probesOf(world).svg(),
    capture: captureOf(world).svg(),
    log: logOf(world).svg(),
    menu: menuOf(world).svg(),
    light: busy(world).svg('light'),
  }
  const drawn = await Promise.all(
    Object.entries(made).map(async ([name, svg]) => [`docs/pictures/${name}.svg`, await svg] as const),
  )
  return Object.fromEntries(drawn)
}

function shown(world: World, size: typeof small, ...keys: readonly string[]): Stage {
  const made = stage(world, size)
  made.press(...keys)
  return made
}

/** The link that has this name's beginning, wherever it stands. */
function selected(made: Stage, name: string): Stage {
  made.press('f')
  made.type(name)
  made.press('enter')
  return made
}

/** The end, on the host, of the link by which this container is reached. */
function portOf(world: World, container: string): string {
  const netns = world.netns.find(({ names }) => names.some(({ name }) => name === container))
  const links = world.netns.find(({ id }) => id === world.host)?.links
  if (netns === undefined || !Array.isArray(netns.links) || !Array.isArray(links)) throw new Error(container)
  const inside = netns.links.find(({ name }) => name === 'eth0')
  const port = links.find(({ ifindex }) => ifindex === (inside?.ifindex ?? 0) + 1)
  if (port === undefined) throw new Error(`no port of ${container}`)
  return port.name
}

/** Somebody took the published container off its bridge. */
function broken(world: World): World {
  const name = portOf(world, 'nginx1')
  const netns = world.netns.map((each) =>
    each.id !== world.host || !Array.isArray(each.links)
      ? each
      : { ...each, links: each.links.map((link) => (link.name === name ? { ...link, master: null, port: null } : link)) },
  )
  return { ...world, netns, at: new Date(start + 4000).toISOString() }
}

function incident(world: World, size = small): Stage {
  const made = stage(world, size)
  made.change(broken(world))
  made.pass(3, (name, second) => (name.startsWith('veth') ? 400 * second : 90 * second))
  return selected(made, portOf(world, 'nginx1'))
}

/** Two minutes of somebody who fetches files from the published port. */
function busy(world: World): Stage {
  const made = stage(world, wide)
  const port = portOf(world, 'nginx1')
  made.pass(120, (name, second) => {
    const wave = 20_000 * (1.2 * second - 7 * Math.cos(second / 7))
    if (name === port || name === 'br-c6691a21a72f' || name === 'eth0') return Math.round(140_000 + wave)
    return name.startsWith('veth') ? 130 * second : 0
  })
  return selected(made, port)
}

function findOf(world: World): Stage {
  const made = shown(world, small, 'f')
  made.type(portOf(world, 'nginx1'))
  return made
}

function rules(world: World): Stage {
  const made = shown(world, { columns: 110, rows: 34 }, '3')
  made.press(...Array.from({ length: 9 }, () => 'down'))
  return made
}

function namespaces(world: World): Stage {
  return shown(world, middle, '2', 'down', 'down', '}', '}')
}

function findingsOf(world: World): Stage {
  const made = incident(world)
  made.press('!')
  return made
}

/** The port that lost its bridge is put back: the form, and the plan that the planner itself makes of it. */
function changeOf(world: World): Stage {
  const link = portOf(world, 'nginx1')
  const bridge = 'br-c6691a21a72f'
  const made = incident(world)
  made.press('e', 'down', 'enter')
  made.type(bridge)
  const asked = made.it.effects.findLast((each) => each.type === 'plan-change')
  const context = { folder: '/run/vethscope/1', hostPath: null, tools: new Set(['ip']), now: world.at }
  const plan = planOf(broken(world), { kind: 'link-attach', netns: 'host', link, bridge }, context)
  if (asked === undefined || !plan.ok || asked.argv.join(' ') !== `link attach host ${link} ${bridge}`)
    throw new Error(`no plan to draw of ${asked?.argv.join(' ') ?? 'nothing'}`)
  const result = previewOf(plan.value)
  made.it.send({ type: 'change-planned', id: asked.id, answer: { ok: true, result } })
  return made
}

function menuOf(world: World): Stage {
  const made = selected(stage(world, small), portOf(world, 'nginx1'))
  made.press('x')
  return made
}

/** What a rule of the host drops, with the rule. */
function probesOf(world: World): Stage {
  const made = stage(world, middle)
  probedOf(made.it, world)
  made.press('down')
  return made
}

function captureOf(world: World): Stage {
  const made = stage(world, middle)
  capturedOf(made.it, world)
  made.press('enter')
  return made
}

function logOf(world: World): Stage {
  const made = stage(world, middle)
  const { it } = made
  const host = world.host
  it.now = start + 2000
  it.worker(
    log(
      happening({
        at: it.now,
        text: 'iptables-nft-save -c',
        netns: host,
        outcome: { ok: true, says: 'exit 0', ms: 12, stderr: null },
      }),
      happening({
        at: it.now + 300,
        text: 'nft -j list ruleset',
        netns: host,
        outcome: { ok: true, says: 'exit 0', ms: 9, stderr: null },
      }),
    ),
  )
  it.now = start + 4000
  made.change(broken(world))
  it.worker(
    log(
      happening({ at: it.now, kind: 'kernel', netns: host, text: '2 link events' }),
      happening({ at: it.now + 900, kind: 'engine', text: 'docker: network disconnect front', container: null }),
    ),
  )
  made.press('7')
  return made
}
