/** How what is differs from what should be, in a sentence; only to be asked where checkFact did not say true. */
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { Fact } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { checkFact, linkDifferences } from './check-fact.ts'
import { endpointDifferences, endpointLike, networkDifferences, networksLike } from './engines-like.ts'
import { tableRules } from './rules-like.ts'
import { linkIn, netnsAt, placeText, type Files } from './seen.ts'
import { sysctlIn } from './sysctl-in.ts'

/** `address 172.19.0.1/16 is not on lab0 in host`. */
export function sayDifference(fact: Fact, world: World, files: Files): string {
  const checked = checkFact(fact, world, files)
  if (isUnknown(checked)) return sanitise(`cannot tell whether ${claimOf(fact)}: ${checked.unknown}`)
  const gone = 'at' in fact && netnsAt(world, fact.at) === null
  return sanitise(gone ? `there is no netns ${placeText(fact.at)}` : differenceOf(fact, world, files))
}

/** What the fact says, as half a sentence. */
function claimOf(fact: Fact): string {
  switch (fact.kind) {
    case 'netns':
      return `netns ${fact.name} is ${fact.there ? '' : 'not '}there`
    case 'sysctl':
      return `${fact.name} is ${fact.value} in ${placeText(fact.at)}`
    case 'file':
      return fact.text === null ? `${fact.path} is not there` : `${fact.path} is as it was written`
    case 'folder':
      return `folder ${fact.path} is ${fact.there ? '' : 'not '}there`
    case 'nft-table':
      return `nft table ${fact.family} ${fact.name} is ${fact.rules === null ? 'not there' : 'as it should be'} in ${placeText(fact.at)}`
    case 'engine-network':
    case 'engine-endpoint':
      return `${engineThing(fact)} is ${fact.there ? '' : 'not '}there`
    case 'chain-rules':
      return `${chainOf(fact)} has ${fact.there ? 'them' : 'none'} of ${fact.lines.length} rules`
    default:
      return `${thingOf(fact)[0]} is ${fact.there ? '' : 'not '}${thingOf(fact)[1]} ${placeText(fact.at)}`
  }
}

type Placed = Extract<Fact, { readonly kind: 'link' | 'address' | 'route' | 'neighbour' | 'fdb' | 'rule' }>

/** What it is called, and where it is or is not. */
function thingOf(fact: Placed): readonly [string, string] {
  switch (fact.kind) {
    case 'link':
      return [`link ${fact.name}`, 'in']
    case 'address':
      return [`address ${fact.address}`, `on ${fact.link} in`]
    case 'route':
      return [routeOf(fact), 'in']
    case 'neighbour':
      return [
        `neighbour ${fact.address}${fact.lladdr === null ? '' : ` lladdr ${fact.lladdr}`}`,
        `on ${fact.link} in`,
      ]
    case 'fdb':
      return [
        `forwarding entry ${fact.lladdr}${fact.dst === null ? '' : ` dst ${fact.dst}`}`,
        `on ${fact.link} in`,
      ]
    default:
      return [
        `rule "${fact.comment}"`,
        `in chain ${fact.chain} of ${fact.family} ${fact.table} (${fact.backend}) in`,
      ]
  }
}

function routeOf(fact: Extract<Fact, { readonly kind: 'route' }>): string {
  const via = fact.via === null ? '' : ` via ${fact.via}`
  const link = fact.link === null ? '' : ` dev ${fact.link}`
  const metric = fact.metric === null ? '' : ` metric ${fact.metric}`
  const table = fact.table === 254 ? '' : ` table ${fact.table}`
  return `route ${fact.destination}${via}${link}${metric}${table}`
}

function differenceOf(fact: Fact, world: World, files: Files): string {
  switch (fact.kind) {
    case 'netns':
      return fact.there ? `there is no netns ${fact.name}` : `netns ${fact.name} is there`
    case 'folder':
      return fact.there ? `there is no folder ${fact.path}` : `${fact.path} is there`
    case 'file':
      return fileDifference(fact, files)
    case 'sysctl':
      return sysctlDifference(fact, world)
    case 'nft-table':
      return tableDifference(fact, world)
    case 'link':
      return linkDifference(fact, world)
    case 'engine-network':
    case 'engine-endpoint':
      return engineDifference(fact, world)
    case 'chain-rules':
      return fact.there
        ? `${chainOf(fact)} lacks rules: ${fact.lines.join('; ')}`
        : `${chainOf(fact)} has rules: ${fact.lines.join('; ')}`
    default: {
      const [what, where] = thingOf(fact)
      return `${what} is ${fact.there ? 'not ' : ''}${where} ${placeText(fact.at)}`
    }
  }
}

function fileDifference(fact: Extract<Fact, { readonly kind: 'file' }>, files: Files): string {
  const { text, also } = fact
  const path = [fact.path, ...(also ?? [])].find((each) => files.get(each) !== text) ?? fact.path
  const seen = files.get(path)
  if (seen === null) return `${path} is not there`
  if (text === null) return `${path} is there`
  return typeof seen === 'string' ? `${path} holds something else` : `${path} is no regular file`
}

function sysctlDifference(fact: Extract<Fact, { readonly kind: 'sysctl' }>, world: World): string {
  const netns = netnsAt(world, fact.at)
  const value = netns === null ? null : sysctlIn(netns, fact.name)
  if (value === null || isUnknown(value)) return `${fact.name} is not there in ${placeText(fact.at)}`
  return `${fact.name} is ${value} in ${placeText(fact.at)}, not ${fact.value}`
}

function tableDifference(fact: Extract<Fact, { readonly kind: 'nft-table' }>, world: World): string {
  const netns = netnsAt(world, fact.at)
  const rules = netns === null ? null : tableRules(netns, fact)
  const what = `nft table ${fact.family} ${fact.name}`
  const where = `in ${placeText(fact.at)}`
  if (rules === null || isUnknown(rules)) return `${what} is not ${where}`
  if (fact.rules === null) return `${what} is ${where}`
  const wanted = fact.rules
  for (const [chain, count] of Object.entries(wanted)) {
    const has = rules.get(chain)
    if (has === undefined) return `${what} ${where} has no chain ${chain}`
    if (has !== count) return `chain ${chain} of ${what} ${where} has ${has} rules, not ${count}`
  }
  const more = [...rules.keys()].filter((chain) => !Object.hasOwn(wanted, chain))
  return `${what} ${where} also has chain ${more.join(', ')}`
}

function linkDifference(fact: Extract<Fact, { readonly kind: 'link' }>, world: World): string {
  const where = `in ${placeText(fact.at)}`
  const netns = netnsAt(world, fact.at)
  const link = netns === null ? null : linkIn(netns, fact.name)
  if (netns === null || link === null || isUnknown(link)) return `link ${fact.name} is not ${where}`
  if (!fact.there) return `link ${fact.name} is ${where}`
  const differing = linkDifferences(netns, link, fact.is ?? {})
  return `link ${fact.name} ${where} has ${isUnknown(differing) ? differing.unknown : differing.join(' and ')}`
}

type EngineFact = Extract<Fact, { readonly kind: 'engine-network' | 'engine-endpoint' }>

function engineThing(fact: EngineFact): string {
  return fact.kind === 'engine-network'
    ? `network ${fact.name} of ${fact.engine}`
    : `container ${fact.container} on network ${fact.network} of ${fact.engine}`
}

function engineDifference(fact: EngineFact, world: World): string {
  const [count, differing] = seenOf(fact, world)
  const what = engineThing(fact)
  if (count === 0 || !fact.there) return `${what} is ${fact.there ? 'not ' : ''}there`
  if (count > 1) return `${what} is there ${count} times`
  return `${what} has ${differing.join(' and ')}`
}

function seenOf(fact: EngineFact, world: World): readonly [number, readonly string[]] {
  if (fact.kind === 'engine-network') {
    const found = networksLike(fact, world)
    return isUnknown(found) ? [0, []] : [found.length, networkDifferences(fact, found)]
  }
  const found = endpointLike(fact, world)
  return isUnknown(found) || found === null ? [0, []] : [1, endpointDifferences(fact, found)]
}

function chainOf({ chain, table, family }: Extract<Fact, { readonly kind: 'chain-rules' }>): string {
  return `chain ${chain} of ${family} ${table}`
}
