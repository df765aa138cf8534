/** All that is known of a link; what answers the usual questions comes first, because four lines may be all there is. */
import { addressesOf, linkAt } from '../../../derive/netns-index.ts'
import { isResolved, peers } from '../../../derive/peers.ts'
import type { Address } from '../../../model/address.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Link } from '../../../model/link.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Feed } from '../../feed.ts'
import type { Span } from '../../frame.ts'
import { defaultRoute } from '../../../derive/path.ts'
import { countsOf, ratesOf, type Rates } from '../../select/rates.ts'
import { nameOf, netnsOf } from '../../select/shown.ts'
import type { Subject } from '../../select/subject.ts'
import type { Glyphs } from '../glyphs.ts'
import { holderText } from '../holders.ts'
import { kindText, linkState } from '../link-notes.ts'
import { bytes, shortNumber } from '../numbers.ts'
import { span } from '../text.ts'
import { fact, type Fact } from './fact.ts'
import { kindFacts } from './kind-facts.ts'

type LinkSubject = Extract<Subject, { readonly kind: 'link' }>

/** The first ones: whose, which address, connected to what, in which state. */
export function mainLinkFacts(
  feed: Feed,
  world: World,
  subject: LinkSubject,
  glyphs: Glyphs,
  withRates: boolean,
): readonly Fact[] {
  const { netns, link } = subject
  const state = linkState(link)
  return [
    ...peerFacts(world, netns, link),
    ...lowerFacts(world, netns, link),
    ...masterFacts(netns, link),
    ...addressFacts(netns, link),
    fact('state', `${state.text}${whyDown(world, netns, link)}`, state.up ? 'link.up' : 'link.down'),
    mtuFact(world, netns, link, glyphs),
    ...counterFacts(feed, netns, link, withRates),
  ]
}

/** Everything else. */
export function moreLinkFacts(world: World, { netns, link }: LinkSubject): readonly Fact[] {
  const route = defaultRoute(netns)
  const via = route?.gateway ?? (route === null ? null : 'on link')
  return [
    fact('kind', kindText(link)),
    fact('ifindex', String(link.ifindex)),
    ...(link.lladdr === null ? [] : [fact('mac', link.lladdr)]),
    ...linkLocal(netns, link),
    ...(link.alias === null ? [] : [fact('alias', link.alias)]),
    ...(link.altNames.length === 0 ? [] : [fact('altnames', link.altNames.join(' '))]),
    ...kindFacts(netns, link),
    fact('flags', link.flags.join(' ').toLowerCase()),
    ...(link.qdisc === null ? [] : [fact('qdisc', link.qdisc)]),
    fact('netns', nameOf(world, netns.id), 'netns'),
    fact('held by', holderText(netns, world)),
    ...(via === null ? [] : [fact('gateway', via, 'address')]),
  ]
}

function peerFacts(world: World, netns: Netns, link: Link): readonly Fact[] {
  const peer = peers(world.netns).peerOf(netns.id, link.ifindex)
  if (peer === null) return []
  if (!isResolved(peer)) {
    const could = peer.candidates.map(
      (each) => `${each.name}(${each.ifindex}) in ${nameOf(world, each.netns)}`,
    )
    const maybe = could.length === 0 ? '' : `; could be ${could.join(', ')}`
    return [{ ...fact('peer', `not known: ${peer.unknown}${maybe}`, 'unreadable'), alone: true }]
  }
  const far = world.netns.find((each) => each.id === peer.netns)
  const all = far === undefined ? [] : addressesOf(far, peer.ifindex)
  const addresses = all.filter((address) => address.scope !== 'link')
  const spans: Span[] = [
    span(peer.name, 'link'),
    span(`(${peer.ifindex}) in `),
    span(nameOf(world, peer.netns), 'netns'),
    ...(addresses.length === 0 ? [] : [span('  '), ...addressSpans(addresses)]),
  ]
  return [{ label: 'peer', spans }]
}

function lowerFacts(world: World, netns: Netns, link: Link): readonly Fact[] {
  const lower = peers(world.netns).lowerOf(netns.id, link.ifindex)
  if (lower === null) return []
  if (!isResolved(lower)) return [fact('on', `not known: ${lower.unknown}`, 'unreadable')]
  const where = lower.netns === netns.id ? [] : [span(' in '), span(nameOf(world, lower.netns), 'netns')]
  return [{ label: 'on', spans: [span(lower.name, 'link'), ...where] }]
}

function masterFacts(netns: Netns, link: Link): readonly Fact[] {
  if (link.master === null) return []
  const master = linkAt(netns, link.master)
  const name = master?.name ?? `ifindex ${link.master}`
  if (link.port === null || isUnknown(link.port)) return [fact('master', name, 'link')]
  const { port } = link
  const marks = [
    port.hairpin ? ', hairpin' : '',
    port.isolated ? ', isolated' : '',
    port.locked ? ', locked' : '',
    port.learning ? '' : ', not learning',
  ].join('')
  const state = span(port.state, port.state === 'forwarding' ? 'text' : 'link.down')
  return [{ label: 'port of', spans: [span(name, 'bridge'), span(', '), state, span(marks)] }]
}

function addressFacts(netns: Netns, link: Link): readonly Fact[] {
  if (isUnknown(netns.addresses))
    return [fact('address', `not read: ${netns.addresses.unknown}`, 'unreadable')]
  const addresses = addressesOf(netns, link.ifindex).filter((address) => address.scope !== 'link')
  return addresses.length === 0 ? [] : [{ label: 'address', spans: addressSpans(addresses) }]
}

/** `fe80::…` says little, but a missing one says that IPv6 is off. */
function linkLocal(netns: Netns, link: Link): readonly Fact[] {
  const addresses = addressesOf(netns, link.ifindex).filter((address) => address.scope === 'link')
  return addresses.length === 0 ? [] : [{ label: 'ipv6 ll', spans: addressSpans(addresses) }]
}

/** IPv4 first, with what is unusual: tentative, dadfailed, deprecated, secondary. */
function addressSpans(addresses: readonly Address[]): readonly Span[] {
  const order = [...addresses].sort((a, b) => rank(a) - rank(b))
  return order.flatMap((address, at) => {
    const odd = address.flags.filter((flag) => !plainFlags.includes(flag))
    const peer = address.peer === null ? '' : ` peer ${address.peer}`
    return [
      ...(at === 0 ? [] : [span(', ')]),
      span(`${address.local}/${address.prefixLen}${peer}`, 'address'),
      ...(odd.length === 0 ? [] : [span(` ${odd.join(' ')}`, 'link.down')]),
    ]
  })
}

/** `nodad` is how most tools add IPv6 addresses to containers. */
const plainFlags = ['permanent', 'noprefixroute', 'nodad', 'mngtmpaddr']

const rank = (address: Address): number =>
  (address.family === 'inet' ? 0 : 1) + (address.scope === 'link' ? 2 : 0)

/** A veth's carrier is its peer: what is to be set UP is at the other end. */
function whyDown(world: World, netns: Netns, link: Link): string {
  if (!link.flags.includes('UP') || linkState(link).up) return ''
  const peer = peers(world.netns).peerOf(netns.id, link.ifindex)
  if (!isResolved(peer)) return ''
  const far = netnsOf(world, peer.netns)
  const other = far === null ? null : linkAt(far, peer.ifindex)
  return other === null || other.flags.includes('UP') ? '' : ', its peer is DOWN'
}

function mtuFact(world: World, netns: Netns, link: Link, glyphs: Glyphs): Fact {
  const peer = peers(world.netns).peerOf(netns.id, link.ifindex)
  if (!isResolved(peer)) return fact('mtu', String(link.mtu))
  const far = world.netns.find((each) => each.id === peer.netns)
  const other = far === undefined ? null : linkAt(far, peer.ifindex)
  if (other === null) return fact('mtu', String(link.mtu))
  return other.mtu === link.mtu
    ? fact('mtu', `${link.mtu}=${other.mtu}`)
    : fact('mtu', `${link.mtu}${glyphs.unequal}${other.mtu} at the peer`, 'finding.risk')
}

/** The newest there are: live ones, else those that came with the World. */
function counterFacts(feed: Feed, netns: Netns, link: Link, withRates: boolean): readonly Fact[] {
  const counts = countsOf(feed, netns.id, link.ifindex) ?? (isUnknown(link.stats) ? null : link.stats)
  if (counts === null) return [fact('counters', 'not read', 'unreadable')]
  const rates = withRates ? ratesOf(feed, netns.id, link.ifindex) : null
  const side = (way: 'rx' | 'tx'): readonly Fact[] => {
    const [dropped, errors] = [counts[`${way}Dropped`], counts[`${way}Errors`]]
    const text = `${bytes(counts[`${way}Bytes`])} ${counts[`${way}Packets`]} pk `
    return [
      {
        label: way,
        spans: [
          span(text, 'counter'),
          span(`${dropped} drop`, dropped > 0 ? 'link.down' : 'counter'),
          ...(errors > 0 ? [span(` ${errors} err`, 'link.down')] : []),
        ],
      },
      ...(rates === null ? [] : [{ label: '', spans: rateSpans(rates, way) }]),
    ]
  }
  return [...side('rx'), ...side('tx')]
}

/** `12 kB/s 310 pk/s`, and what is lost just now. */
function rateSpans(rates: Rates, way: 'rx' | 'tx'): readonly Span[] {
  const packets = rates[`${way}Packets`]
  const words = `${bytes(rates[`${way}Bytes`])}/s ${shortNumber(packets)} pk/s`
  const lost = rates[`${way}Dropped`] + rates[`${way}Errors`]
  return [
    span(words, packets > 0 ? 'counter' : 'dim'),
    ...(lost > 0 ? [span(` ${shortNumber(Math.max(1, lost))} lost/s`, 'link.down')] : []),
  ]
}
