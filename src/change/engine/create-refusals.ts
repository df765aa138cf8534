/** Why a network cannot be made, beside what its subnets say. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import { checkPlainName } from '../names.ts'
import { refusal } from '../planner.ts'
import type { NetworkWish } from './dialect.ts'
import type { AskedEngine } from './engine-of.ts'
import { isOfSwarm, isPredefined } from './own-networks.ts'
import { swarmRefusals } from './swarm-refusals.ts'

type Site = {
  /** Where the engine makes its links; null: it is not known. */
  readonly netns: Netns | null
  readonly swarmWide: boolean
}

export function createRefusals(asked: AskedEngine, wish: NetworkWish, site: Site): readonly Failure[] {
  const { dialect, engine } = asked
  return [
    ...nameRefusals(asked, wish),
    ...driverRefusals(wish),
    ...dialect
      .whyNotCreate(wish, engine.version)
      .map((what): Failure => ({ kind: 'usage', what, subject: wish.name })),
    ...(isSwarmDriver(wish) ? swarmRefusals(asked, `network ${wish.name}`, site.swarmWide) : []),
    ...linkRefusals(wish, site.netns),
  ]
}

export function isSwarmDriver({ driver }: Pick<NetworkWish, 'driver'>): boolean {
  return driver === 'overlay'
}

function nameRefusals(
  { kind, title, networks }: AskedEngine,
  { name, ingress }: NetworkWish,
): readonly Failure[] {
  const bad = checkPlainName(name, 'network')
  if (bad !== null) return [bad]
  if (isPredefined(kind, name))
    return [
      {
        kind: 'usage',
        what: `a network cannot be called ${name}: ${title} has one of its own`,
        subject: name,
      },
    ]
  if (isOfSwarm(kind, name) && !(ingress && name === 'ingress'))
    return [
      {
        kind: 'usage',
        what: `a network cannot be called ${name}: a swarm has one of its own`,
        subject: name,
      },
    ]
  const same = networks.find((each) => each.name === name)
  if (same !== undefined)
    return [
      refusal(
        name,
        `network ${name} of ${title} exists already (${same.id.slice(0, 12)}, driver ${sanitise(same.driver)})`,
        `vethscope net rm ${name} --engine ${kind} removes it`,
      ),
    ]
  // By that word nobody could say which is meant.
  const byId = name.length < shortId ? undefined : networks.find(({ id }) => id.startsWith(name))
  return byId === undefined
    ? []
    : [refusal(name, `"${name}" is the beginning of the id of network ${sanitise(byId.name)}`)]
}

const shortId = 12

function driverRefusals({ name, driver, ingress, attachable }: NetworkWish): readonly Failure[] {
  const usage = (what: string): Failure => ({ kind: 'usage', what, subject: name })
  if (driver === 'host' || driver === 'null' || driver === 'none')
    return [usage(`there is one network of driver ${driver} alone, and it is there already`)]
  if (!/^[A-Za-z0-9][A-Za-z0-9_.:/-]*$/.test(driver)) return [usage(`"${sanitise(driver)}" is no driver`)]
  if (ingress && driver !== 'overlay') return [usage(`--ingress goes with --driver overlay, not ${driver}`)]
  if (ingress && attachable)
    return [usage('an ingress network is for published ports: nothing can be attached to it')]
  return []
}

/** A bridge that is there has an owner; a parent that is not there cannot be stood on. */
function linkRefusals(
  { name, driver, options, internal }: NetworkWish,
  netns: Netns | null,
): readonly Failure[] {
  if (netns === null) return []
  const links = listOf(netns.links)
  const { [dockerOptions.bridge]: bridge, [dockerOptions.parent]: parent } = options
  const same = driver === 'bridge' ? links.find((link) => link.name === bridge) : undefined
  if (same !== undefined) {
    return [
      refusal(
        name,
        `link ${same.name} exists already (${same.kind}, ifindex ${same.ifindex}): the engine would give it other addresses`,
        'choose another name with --bridge, or leave it out',
      ),
    ]
  }
  if (parent === undefined || (driver !== 'macvlan' && driver !== 'ipvlan') || internal) return []
  if (links.some((link) => link.name === parent || link.altNames.includes(parent))) return []
  const vlan = /^(.+)\.(\d{1,4})$/.exec(parent)
  const [, below = '', id = ''] = vlan ?? []
  if (vlan !== null && links.some((link) => link.name === below))
    return Number(id) >= 1 && Number(id) <= 4094
      ? []
      : [{ kind: 'usage', what: `parent ${parent}: ${id} is no VLAN, they go from 1 to 4094`, subject: name }]
  return [
    refusal(
      name,
      `there is no link ${sanitise(parent)} on this host for ${driver} to stand on`,
      'vethscope ls links lists them',
    ),
  ]
}
