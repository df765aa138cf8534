/** The `/` filter on connections: which of very many fit, without making words for them. */
import { contains, parseIp } from '../lib/ip.ts'
import type { Connection } from '../model/connection.ts'
import {
  destinationText,
  isUnreplied,
  sourceText,
  type ConnectionViewer,
  type Rank,
} from './connection-view.ts'
import { connectionTraits, parseFilter, type FilterToken, type Trait } from './filter.ts'
import { translationOf } from './translation.ts'

export type ConnectionFits = (connection: Connection, rank: Rank) => boolean

/** null: everything fits. */
export function connectionsMatching(text: string, viewer: ConnectionViewer): ConnectionFits | null {
  const tokens = parseFilter(text, connectionTraits).tokens.map(({ not, token }) => {
    const test = testOf(token, viewer)
    return (connection: Connection, rank: Rank) => test(connection, rank) !== not
  })
  return tokens.length === 0 ? null : (connection, rank) => tokens.every((test) => test(connection, rank))
}

function testOf(token: FilterToken, viewer: ConnectionViewer): ConnectionFits {
  switch (token.type) {
    case 'inside': {
      const isInside = kept((address) => {
        const ip = parseIp(address)
        return ip !== null && contains(token.prefix, ip)
      })
      return ({ original, reply }) =>
        isInside(original.source) ||
        isInside(original.destination) ||
        isInside(reply.source) ||
        isInside(reply.destination)
    }
    case 'port':
      return ({ original, reply }) =>
        original.sourcePort === token.port ||
        original.destinationPort === token.port ||
        reply.sourcePort === token.port ||
        reply.destinationPort === token.port
    case 'kind':
      return ({ protocol }) => protocol === token.kind
    case 'is':
      return testOfTrait(token.is)
    default:
      return holding(token.text, viewer)
  }
}

function testOfTrait(is: Trait): ConnectionFits {
  switch (is) {
    case 'stale':
      return (_, rank) => rank === 0
    case 'unreplied':
      // One that is stale too may be without an answer.
      return isUnreplied
    case 'assured':
      return ({ status }) => status.includes('ASSURED')
    default:
      // A link or a namespace is up or hidden, a connection is not.
      return () => false
  }
}

/** `state:established` asks for that alone; else all that is to be read of a connection is looked through. */
function holding(text: string, viewer: ConnectionViewer): ConnectionFits {
  if (text.startsWith('state:')) {
    const state = text.slice('state:'.length)
    return (connection) => (connection.state ?? '').toLowerCase().startsWith(state)
  }
  const isNamed = kept((address) => viewer.namesAt(address).toLowerCase().includes(text))
  return (connection, rank) => {
    const { original, reply, protocol, state, status } = connection
    const has = (one: string | null): boolean => one !== null && one.includes(text)
    return (
      has(sourceText(original)) ||
      has(destinationText(original)) ||
      has(sourceText(reply)) ||
      has(destinationText(reply)) ||
      has(protocol) ||
      has(state === null ? null : state.toLowerCase()) ||
      isNamed(original.source) ||
      isNamed(reply.source) ||
      has(rank === 0 ? 'stale' : rank === 1 ? 'unreplied' : null) ||
      has(translationOf(connection)) ||
      status.some((each) => each.toLowerCase().includes(text))
    )
  }
}

/** An address stands in many connections. */
function kept(test: (address: string) => boolean): (address: string) => boolean {
  const known = new Map<string, boolean>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    const is = test(address)
    known.set(address, is)
    return is
  }
}
