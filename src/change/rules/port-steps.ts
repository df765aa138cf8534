/** What a published port needs beside its rules: settings of the bridge and of the node's port on it, and no memory of what was before. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Lab } from '../../model/lab.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { linkNamed, type Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import { published, type Published, type RuleFamily } from './reach.ts'
import { settingSteps } from './setting-steps.ts'

type Labs = { readonly before: Lab; readonly after: Lab }
const families: readonly RuleFamily[] = ['ip', 'ip6']

/** After the links are there. */
export function portSteps(world: World, spot: Spot, labs: Labs, context: PlanContext): readonly Step[] {
  return [
    ...settingSteps(spot, labs),
    ...hairpinSteps(spot, labs),
    ...(context.tools.has('conntrack') ? forgetSteps(world, spot, labs) : []),
  ]
}

/** What of ports cannot be had. */
export function portNotes(labs: Labs, { tools }: PlanContext): readonly string[] {
  const now = changed(labs)
  const six = now
    .filter(({ port, is }) => is === 'new' && port.port.hostIp === '::')
    .map(({ port }) => port.port.hostPort)
  const notes = six.map(
    (port) => `[::1]:${port} of the host does not lead there: the kernel routes ::1 nowhere but to lo`,
  )
  if (tools.has('conntrack') || now.length === 0) return notes
  return [
    ...notes,
    'connections that are open to these ports go on as they are, because conntrack is not installed (apt-get install conntrack)',
  ]
}

/** What a node sends to its own published port comes back by the bridge port that it left by, where bridged packets pass netfilter. */
function hairpinSteps(spot: Spot, { before, after }: Labs): readonly Step[] {
  const portsOf = (lab: Lab): ReadonlySet<string> =>
    new Set(
      families.flatMap((family) => published(lab, family).flatMap(({ endpoint }) => endpoint.hostLink ?? [])),
    )
  const [had, has] = [portsOf(before), portsOf(after)]
  const there = new Set(after.nodes.flatMap(({ endpoints }) => endpoints.map(({ hostLink }) => hostLink)))
  const off = [...had].filter((link) => !has.has(link) && there.has(link))
  const on = [...has].filter((link) => !had.has(link) && !isHairpin(spot, link))
  return [
    ...off.map((link) => hairpinStep(spot, link, false)),
    ...on.map((link) => hairpinStep(spot, link, true)),
  ]
}

function isHairpin(spot: Spot, name: string): boolean {
  const port = linkNamed(spot, name)?.port ?? null
  return port !== null && !isUnknown(port) && port.hairpin
}

function hairpinStep(spot: Spot, link: string, on: boolean): Step {
  const set = (hairpin: boolean): Command =>
    spot.ip('link', 'set', 'dev', link, 'type', 'bridge_slave', 'hairpin', hairpin ? 'on' : 'off')
  const fact = (hairpin: boolean) =>
    ({ kind: 'link', at: spot.at, name: link, there: true, is: { hairpin } }) as const
  return {
    title: `${on ? 'let' : 'no longer let'} ${link} send back what came by it`,
    command: set(on),
    undo: [set(!on)],
    after: [fact(on)],
    before: [fact(!on)],
    touches: [{ path: [spot.at, `link:${link}`, 'port:hairpin'], how: 'change', what: 'port' }],
  }
}

/** Ports that came, went or lead elsewhere. */
function changed({
  before,
  after,
}: Labs): readonly { readonly port: Published; readonly is: 'new' | 'gone' }[] {
  const key = ({ port, address }: Published): string => JSON.stringify([port, address])
  const all = (lab: Lab): readonly Published[] => families.flatMap((family) => published(lab, family))
  const [had, has] = [all(before), all(after)]
  const [hadKeys, hasKeys] = [new Set(had.map(key)), new Set(has.map(key))]
  return [
    ...had.filter((each) => !hasKeys.has(key(each))).map((port) => ({ port, is: 'gone' as const })),
    ...has.filter((each) => !hadKeys.has(key(each))).map((port) => ({ port, is: 'new' as const })),
  ]
}

/**
 * A flow that is known to conntrack does not meet the nat chains again: one that began before would stay where it went
 * (of UDP for as long as somebody sends). Only entries of this host's own addresses, or of that node: not of what passes through.
 */
function forgetSteps(world: World, spot: Spot, labs: Labs): readonly Step[] {
  return changed(labs).flatMap(({ port, is }) => {
    const { hostPort, protocol } = port.port
    const translated = forget(spot, port, [
      '--reply-src',
      port.address,
      '--reply-port-src',
      String(port.port.port),
    ])
    const step = (title: string, command: Command, undo: readonly Command[]): Step => ({
      title,
      command,
      undo,
      after: [],
      before: [],
      touches: [{ path: [spot.at, `conntrack:${protocol} ${hostPort}`], how: 'change' }],
    })
    if (is === 'gone')
      return [step(`forget connections by ${hostPort}/${protocol} to node ${port.node.name}`, translated, [])]
    return addressesFor(world, spot, port.port.hostIp).map((address) =>
      step(
        `forget connections to ${address} port ${hostPort}/${protocol}`,
        forget(spot, port, ['--orig-dst', address]),
        [translated],
      ),
    )
  })
}

/** Exit code 1: there was none (conntrack(8)). */
function forget(spot: Spot, { port, address }: Published, more: readonly string[]): Command {
  const family = address.includes(':') ? 'ipv6' : 'ipv4'
  return spot.inside(
    ['conntrack', '-D', '-f', family, '-p', port.protocol, '--orig-port-dst', String(port.hostPort), ...more],
    { also: [1] },
  )
}

function addressesFor(world: World, spot: Spot, hostIp: string): readonly string[] {
  const isSix = hostIp.includes(':')
  if (hostIp !== (isSix ? '::' : '0.0.0.0')) return [hostIp]
  const linkLocal = parsePrefix('fe80::/10')
  const host = spot.netns ?? world.netns.find(({ id }) => id === world.host)
  const all = listOf(host?.addresses ?? [])
    .filter(({ family }) => (family === 'inet6') === isSix)
    .map(({ local }) => local)
  return [...new Set(all)].filter((address) => {
    const ip = parseIp(address)
    return ip !== null && (linkLocal === null || !contains(linkLocal, ip)) && address !== '::1'
  })
}
