/** Settings of bridges that published ports and links between nodes need. No step where it is as it is wanted already. */
import { isUnknown } from '../../model/known.ts'
import type { Lab, LabNetwork } from '../../model/lab.ts'
import type { Command, Step } from '../../model/plan.ts'
import { linkNamed, type Spot } from '../at.ts'
import { linked, published } from './reach.ts'

type Labs = { readonly before: Lab; readonly after: Lab }
type Setting = { readonly name: string; readonly bridgesOf: (lab: Lab) => readonly string[] }

const localnet: Setting = {
  name: 'route_localnet',
  bridgesOf: (lab) => published(lab, 'ip').map(({ network }) => network.bridge),
}
// RFC 3069: the gateway answers for nodes that do not hear each other, so that what a --link allows goes through it.
const pvlan: Setting = {
  name: 'proxy_arp_pvlan',
  bridgesOf: (lab) => linked(lab, 'ip').map(({ network }) => network.bridge),
}

/** On bridges that stay: with one that goes away its settings go too. */
export function settingSteps(spot: Spot, labs: Labs): readonly Step[] {
  return [localnet, pvlan].flatMap((setting) => {
    const { on, off } = changes(setting, labs)
    const stays = (bridge: string): boolean =>
      labs.after.networks.some((each) => each.bridge === bridge) || linkNamed(spot, bridge) !== null
    const leave = off.filter(
      (bridge) =>
        stays(bridge) &&
        !isGoing(bridge, labs) &&
        networkOf(labs.before, bridge)?.kept?.includes(setting.name) !== true,
    )
    return [
      ...on.flatMap((bridge) => settingStep(spot, bridge, setting.name, true)),
      ...leave.flatMap((bridge) => settingStep(spot, bridge, setting.name, false)),
    ]
  })
}

/** The lab as it will be, with what was on before on bridges that are not ours: it stays on when nobody of ours needs it any more. */
export function withKept(spot: Spot, labs: Labs): Lab {
  const { on, off } = changes(localnet, labs)
  const { name } = localnet
  const networks = labs.after.networks.map((network): LabNetwork => {
    const { bridge, ownsBridge, kept = [], ...rest } = network
    if (bridge === null || ownsBridge) return network
    if (on.includes(bridge) && valueOf(spot, bridge, name) === true)
      return { ...network, kept: [...new Set([...kept, name])] }
    if (!off.includes(bridge) || !kept.includes(name)) return network
    const others = kept.filter((each) => each !== name)
    return { ...rest, bridge, ownsBridge, ...(others.length === 0 ? {} : { kept: others }) }
  })
  const isSame = networks.every((network, at) => network === labs.after.networks[at])
  return isSame ? labs.after : { ...labs.after, networks }
}

function changes({ bridgesOf }: Setting, { before, after }: Labs) {
  const [had, has] = [new Set(bridgesOf(before)), new Set(bridgesOf(after))]
  return {
    off: [...had].filter((bridge) => !has.has(bridge)),
    on: [...has].filter((bridge) => !had.has(bridge)),
  }
}

function networkOf(lab: Lab, bridge: string): LabNetwork | undefined {
  return lab.networks.find((each) => each.bridge === bridge)
}

function isGoing(bridge: string, { before, after }: Labs): boolean {
  const owned = before.networks.some((each) => each.bridge === bridge && each.ownsBridge)
  return owned && networkOf(after, bridge) === undefined
}

/** null: the bridge is not there yet, or nobody reads that one of a link. */
function valueOf(spot: Spot, bridge: string, name: string): boolean | null {
  const inet = linkNamed(spot, bridge)?.inet ?? null
  if (name !== localnet.name || inet === null || isUnknown(inet)) return null
  return inet.routeLocalnet !== 0
}

function settingStep(spot: Spot, bridge: string, name: string, on: boolean): readonly Step[] {
  if (valueOf(spot, bridge, name) === on) return []
  const write = (value: boolean): Command =>
    spot.inside(['tee', `/proc/sys/net/ipv4/conf/${bridge}/${name}`], { input: value ? '1\n' : '0\n' })
  const fact = (value: boolean) =>
    ({ kind: 'sysctl', at: spot.at, name: `ipv4.conf.${bridge}.${name}`, value: value ? '1' : '0' }) as const
  // Nobody reads proxy_arp_pvlan of a link: whether it was done cannot be told, and doing it twice is the same.
  const isSeen = name === localnet.name
  return [
    {
      title: `${on ? 'turn on' : 'turn off'} ${name} of ${bridge}`,
      command: write(on),
      undo: [write(!on)],
      after: isSeen ? [fact(on)] : [],
      before: isSeen ? [fact(!on)] : [],
      touches: [{ path: [spot.at, `link:${bridge}`, `sysctl:${name}`], how: 'change' }],
    },
  ]
}
