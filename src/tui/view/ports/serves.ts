/** Whether somebody takes what arrives at a published port, in a few words and in a sentence. */
import { isUnknown } from '../../../model/known.ts'
import type { PublishedPort } from '../../../model/published-port.ts'
import type { Role, Span } from '../../frame.ts'
import { span } from '../text.ts'
import { withPort } from './place-text.ts'

type Told = Pick<PublishedPort, 'serves' | 'listening' | 'target' | 'protocol'>

const roles = {
  yes: 'link.up',
  no: 'link.down',
  loopback: 'link.down',
  elsewhere: 'link.down',
  unknown: 'unreadable',
} as const satisfies Readonly<Record<PublishedPort['serves'], Role>>

/** `!`: what comes from outside gets no answer. `?`: not known. */
export function servesMark({ serves }: Told): Span {
  if (serves === 'yes') return span(' ')
  return serves === 'unknown' ? span('?', roles.unknown) : span('!', 'finding.fault')
}

/** `*:80`, `127.0.0.1 only`, `nothing`, `not known`. */
export function servesSpan(told: Told): Span {
  const { serves, target } = told
  const where = addressesOf(told)
  const port = target.port
  switch (serves) {
    case 'no':
      return span('nothing listens', roles.no)
    case 'unknown':
      return span('not known', roles.unknown)
    case 'loopback':
      return span(`${where.join(' ')} only`, roles.loopback)
    case 'elsewhere':
      return span(`only ${where.map((each) => withPort(each, port)).join(' ')}`, roles.elsewhere)
    case 'yes': {
      const taking = where.filter((each) => everyOne(each) === '*' || each === target.address)
      const told = taking.length === 0 ? where : taking
      return span([...new Set(told.map((each) => withPort(everyOne(each), port)))].join(' '), roles.yes)
    }
    default:
      return serves satisfies never
  }
}

export function servesWords(told: Told, owner: string | null): readonly Span[] {
  const { serves, listening, target, protocol } = told
  const who = owner ?? 'the other end'
  if (isUnknown(listening)) return [span(`not known: ${listening.unknown}`, roles.unknown)]
  const where = addressesOf(told).join(' and ')
  const places = addressesOf(told).map((each) => withPort(everyOne(each), target.port))
  switch (serves) {
    case 'no':
      return [span(`nothing listens on port ${target.port}/${protocol} in ${who}`, roles.no)]
    case 'loopback':
      return [
        span(`${who} listens on ${where} only`, roles.loopback),
        span(': what comes from outside never reaches that; it has to listen on 0.0.0.0'),
      ]
    case 'elsewhere':
      return [
        span(`${who} listens on ${where} only`, roles.elsewhere),
        span(`, the port leads to ${target.address ?? 'another address'}`),
      ]
    case 'unknown':
      return [span('not known', roles.unknown)]
    case 'yes':
      return [span(`${who} listens on ${places.join(' and ')}/${protocol}`, roles.yes)]
    default:
      return serves satisfies never
  }
}

function addressesOf({ listening }: Told): readonly string[] {
  return isUnknown(listening) ? [] : [...new Set(listening.map(({ address }) => address))]
}

const everyOne = (address: string): string => (address === '0.0.0.0' || address === '::' ? '*' : address)
