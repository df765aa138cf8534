/** Whether a fact of a plan is true in a World and in files that were read with it. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact, LinkFacts } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { checkChainRules } from './chain-rules.ts'
import { checkEngineEndpoint, checkEngineNetwork } from './engines-like.ts'
import { addressesLike, fdbLike, neighboursLike, routesLike } from './rows-like.ts'
import { rulesLike, tableRules } from './rules-like.ts'
import { kindOf, linkIn, masterOf, netnsAt, type Files } from './seen.ts'
import { plainValue, sysctlIn } from './sysctl-in.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>

/**
 * In a namespace that is not there nothing is: what should not be there holds, the rest does not. A piece that was not read makes
 * the answer unknown, never a guess.
 */
export function checkFact(fact: Fact, world: World, files: Files): Known<boolean> {
  switch (fact.kind) {
    case 'netns':
      return (netnsAt(world, `/run/netns/${fact.name}`) !== null) === fact.there
    case 'file':
      return checkFile(fact, files)
    case 'folder':
      return checkFolder(fact, files)
    case 'sysctl':
      return inNetns(world, fact.at, false, (netns) => {
        const value = sysctlIn(netns, fact.name)
        return isUnknown(value) ? value : value !== null && plainValue(value) === plainValue(fact.value)
      })
    case 'nft-table':
      return inNetns(world, fact.at, fact.rules === null, (netns) => checkTable(fact, netns))
    case 'link':
      return inNetns(world, fact.at, !fact.there, (netns) => checkLink(fact, netns))
    case 'address':
      return inNetns(world, fact.at, !fact.there, (netns) => are(addressesLike(netns, fact), fact.there))
    case 'route':
      return inNetns(world, fact.at, !fact.there, (netns) => are(routesLike(netns, fact), fact.there))
    case 'neighbour':
      return inNetns(world, fact.at, !fact.there, (netns) => are(neighboursLike(netns, fact), fact.there))
    case 'fdb':
      return inNetns(world, fact.at, !fact.there, (netns) => are(fdbLike(netns, fact), fact.there))
    case 'engine-network':
      return checkEngineNetwork(fact, world)
    case 'engine-endpoint':
      return checkEngineEndpoint(fact, world)
    case 'chain-rules':
      return inNetns(world, fact.at, !fact.there, (netns) => checkChainRules(fact, netns))
    default:
      return inNetns(world, fact.at, !fact.there, (netns) => are(rulesLike(netns, fact), fact.there))
  }
}

function inNetns(
  world: World,
  at: string,
  without: boolean,
  check: (netns: Netns) => Known<boolean>,
): Known<boolean> {
  const netns = netnsAt(world, at)
  return netns === null ? without : check(netns)
}

function are(found: Known<readonly unknown[]>, there: boolean): Known<boolean> {
  return isUnknown(found) ? found : found.length > 0 === there
}

function checkLink(fact: FactOf<'link'>, netns: Netns): Known<boolean> {
  const link = linkIn(netns, fact.name)
  if (isUnknown(link)) return link
  if (link === null) return !fact.there
  const differing = linkDifferences(netns, link, fact.is ?? {})
  if (isUnknown(differing)) return differing
  return (differing.length === 0) === fact.there
}

/** What of a link is not as it should be: `mtu 1500, not 1450`. */
export function linkDifferences(netns: Netns, link: Link, is: LinkFacts): Known<readonly string[]> {
  if ((is.isolated !== undefined || is.hairpin !== undefined) && isUnknown(link.port)) return link.port
  const port = isUnknown(link.port) ? null : link.port
  const has: { readonly [K in keyof Required<LinkFacts>]: LinkFacts[K] | null } = {
    kind: kindOf(link),
    up: link.flags.includes('UP'),
    mtu: link.mtu,
    master: masterOf(netns, link),
    alias: link.alias,
    lladdr: link.lladdr?.toLowerCase() ?? null,
    isolated: port?.isolated ?? false,
    hairpin: port?.hairpin ?? false,
  }
  return (Object.keys(has) as readonly (keyof LinkFacts)[]).flatMap((key) => {
    const wanted = key === 'lladdr' ? is.lladdr?.toLowerCase() : is[key]
    if (wanted === undefined || wanted === has[key]) return []
    return [`${key} ${textOf(has[key])}, not ${textOf(wanted)}`]
  })
}

function textOf(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? 'none' : JSON.stringify(value).replaceAll('"', '')
}

function checkFile({ path, also, text }: FactOf<'file'>, files: Files): Known<boolean> {
  for (const each of [path, ...(also ?? [])]) {
    const seen = files.get(each)
    if (seen === undefined) return unknown(`${each} was not read`)
    if (isUnknown(seen)) return seen
    if (seen !== text) return false
  }
  return true
}

function checkFolder({ path, there, orUsed }: FactOf<'folder'>, files: Files): Known<boolean> {
  const seen = files.get(path)
  if (seen === undefined) return unknown(`${path} was not looked at`)
  if (isUnknown(seen)) return seen
  const folder = typeof seen === 'object' && seen !== null && seen.is === 'folder' ? seen : null
  if (there) return folder !== null
  return seen === null || (orUsed === true && folder?.isEmpty === false)
}

function checkTable(fact: FactOf<'nft-table'>, netns: Netns): Known<boolean> {
  const rules = tableRules(netns, fact)
  if (isUnknown(rules)) return rules
  if (rules === null || fact.rules === null) return rules === fact.rules
  const wanted = fact.rules
  return (
    rules.size === Object.keys(wanted).length && [...rules].every(([chain, count]) => wanted[chain] === count)
  )
}
