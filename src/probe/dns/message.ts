/** Questions and answers of DNS as bytes (RFC 1035 4, EDNS0: RFC 6891). */
import { encodeName, readName } from './domain-name.ts'
import { recordValue, typeName } from './record.ts'

export type Question = { readonly name: string; readonly type: number }

export type Record = {
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly value: string
}

export type Message = {
  readonly id: number
  readonly isAnswer: boolean
  /** Not all fitted: to be asked again over TCP. */
  readonly truncated: boolean
  /** With the upper bits that EDNS adds. */
  readonly code: number
  /** null: none in it. */
  readonly question: Question | null
  readonly answers: readonly Record[]
}

const headerSize = 12
const classInternet = 1
const typeOpt = 41
/** What passes everywhere unfragmented (DNS flag day 2020). */
const udpSize = 1232
const isAnswerBit = 0x8000
const opcodeBits = 0x7800
const truncatedBit = 0x0200
const recursionDesired = 0x0100

/** null: no such name can be asked for. */
export function encodeQuery(id: number, { name, type }: Question, edns: boolean): Buffer | null {
  const bytes = encodeName(name)
  if (bytes === null) return null
  const header = Buffer.alloc(headerSize)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(recursionDesired, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(edns ? 1 : 0, 10)
  const question = Buffer.alloc(4)
  question.writeUInt16BE(type, 0)
  question.writeUInt16BE(classInternet, 2)
  return Buffer.concat([header, bytes, question, ...(edns ? [optRecord()] : [])])
}

function optRecord(): Buffer {
  const record = Buffer.alloc(11)
  record.writeUInt16BE(typeOpt, 1)
  record.writeUInt16BE(udpSize, 3)
  return record
}

/** null: it is no message of DNS, or broken. A truncated one has the answers that were whole. */
export function parseMessage(bytes: Buffer): Message | null {
  if (bytes.length < headerSize) return null
  const flags = bytes.readUInt16BE(2)
  if ((flags & opcodeBits) !== 0) return null
  const truncated = (flags & truncatedBit) !== 0
  const [questions, answers, authorities, additional] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at))
  let at = headerSize
  let question: Question | null = null
  let upper = 0
  for (let count = questions ?? 0; count > 0; count -= 1) {
    const read = readName(bytes, at)
    if (read === null || read.next + 4 > bytes.length) return null
    if (bytes.readUInt16BE(read.next + 2) !== classInternet) return null
    question ??= { name: read.name, type: bytes.readUInt16BE(read.next) }
    at = read.next + 4
  }
  const found: Record[] = []
  for (let count = answers ?? 0; count > 0; count -= 1) {
    const read = readRecord(bytes, at)
    if (read === null) return truncated ? finished() : null
    if (read.class === classInternet) found.push(read.record)
    at = read.next
  }
  for (let count = (authorities ?? 0) + (additional ?? 0); count > 0; count -= 1) {
    const read = readRecord(bytes, at)
    // What was asked for is there; what stands behind it may be cut.
    if (read === null) break
    if (read.type === typeOpt) upper = read.ttl >>> 24
    at = read.next
  }
  return finished()

  function finished(): Message {
    return {
      id: bytes.readUInt16BE(0),
      isAnswer: (flags & isAnswerBit) !== 0,
      truncated,
      code: (upper << 4) | (flags & 0xf),
      question,
      answers: found,
    }
  }
}

type ReadRecord = {
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly next: number
  readonly record: Record
}

function readRecord(bytes: Buffer, start: number): ReadRecord | null {
  const read = readName(bytes, start)
  if (read === null || read.next + 10 > bytes.length) return null
  const type = bytes.readUInt16BE(read.next)
  const ttl = bytes.readUInt32BE(read.next + 4)
  const at = read.next + 10
  const next = at + bytes.readUInt16BE(read.next + 8)
  if (next > bytes.length) return null
  const value = type === typeOpt ? '' : recordValue(bytes, type, at, next)
  if (value === null) return null
  return {
    type,
    class: bytes.readUInt16BE(read.next + 2),
    ttl,
    next,
    record: { name: read.name, type: typeName(type), ttl, value },
  }
}
