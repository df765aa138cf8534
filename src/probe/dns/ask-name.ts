/** One name and one type asked of one server, with what the protocol needs for that: a second way where the first fails. */
import { randomInt } from 'node:crypto'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { nothingListens } from '../../derive/probe/dns-remarks.ts'
import type { NameServer } from '../../derive/probe/resolv-conf.ts'
import type { DnsType, Place } from '../../model/probe.ts'
import type { DnsAnswer, DnsStatus } from '../../model/probe-result.ts'
import type { Sockets } from '../socket/sockets.ts'
import { askTcp, askUdp, type Reply } from './exchange.ts'
import { encodeQuery, type Message } from './message.ts'
import { typeNumber } from './record.ts'

/** What a server is asked with, whatever the name. */
export type ServerAsked = {
  readonly sockets: Sockets
  readonly place: Place
  readonly server: NameServer
  readonly attempts: number
  readonly attemptMs: number
  readonly signal: AbortSignal
}

export type NameAnswer = {
  readonly status: DnsStatus
  readonly answers: readonly DnsAnswer[]
  /** Why there is none. */
  readonly says: string | null
}

/** A server may send thousands. */
const mostAnswers = 256

/** `name` is whole. */
export async function askName(ask: ServerAsked, name: string, type: DnsType): Promise<Outcome<NameAnswer>> {
  const first = await askWith(ask, name, type, true)
  // A server from before EDNS (RFC 6891 7).
  const isOld = first.ok && (first.value.status === 'FORMERR' || first.value.status === 'NOTIMP')
  return isOld ? askWith(ask, name, type, false) : first
}

async function askWith(
  { server, attempts, attemptMs, ...ask }: ServerAsked,
  name: string,
  type: DnsType,
  edns: boolean,
): Promise<Outcome<NameAnswer>> {
  const query = encodeQuery(randomInt(0x1_0000), { name, type: typeNumber[type] }, edns)
  if (query === null) {
    return succeeded({
      status: 'NXDOMAIN',
      answers: [],
      says: 'no name can be like that: it was not asked for',
    })
  }
  const asking = { ...ask, server, query }
  const reply = await askUdp(asking, attempts, attemptMs)
  if (!reply.ok) return reply
  if (reply.value.type === 'silent' && ask.signal.aborted) {
    return succeeded({ status: 'timeout', answers: [], says: 'stopped before an answer came' })
  }
  if (reply.value.type !== 'answer' || !reply.value.message.truncated) return succeeded(answerOf(reply.value))
  const whole = await askTcp(asking, attemptMs)
  if (!whole.ok) return whole
  if (whole.value.type === 'answer') return succeeded(answerOf(whole.value))
  const why = answerOf(whole.value).says ?? 'no answer'
  return succeeded({
    ...answerOf(reply.value),
    says: `its answer is too long for UDP, and over TCP: ${why}`,
  })
}

const codes: Readonly<Record<number, DnsStatus>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
}

function answerOf(reply: Reply): NameAnswer {
  switch (reply.type) {
    case 'answer':
      return messageAnswer(reply.message)
    case 'silent':
      return {
        status: 'timeout',
        answers: [],
        says:
          reply.strange === 0
            ? 'no answer'
            : 'no answer to what was asked: what came was broken or not for this',
      }
    case 'unreachable': {
      const { error, what } = reply.reported
      const by = error.from === null ? '' : `, says ${error.from}`
      const says = what === 'refused' ? `${nothingListens} (connection refused${by})` : `${error.says}${by}`
      return { status: 'unreachable', answers: [], says }
    }
    default:
      return reply satisfies never
  }
}

function messageAnswer({ code, answers }: Message): NameAnswer {
  const status = codes[code]
  const kept = answers.slice(0, mostAnswers)
  const left = answers.length - kept.length
  return {
    // RFC 6895 has more; whatever they say, there is no answer.
    status: status ?? 'SERVFAIL',
    answers: kept,
    says:
      status === undefined ? `it said code ${code}` : left > 0 ? `${left} more answers are left out` : null,
  }
}
