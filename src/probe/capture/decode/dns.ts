/** RFC 1035: the question, or what the answer is. Names come from the packet: sanitised. */
import { sanitise } from '../../../lib/sanitise.ts'
import { ipv4Text, ipv6Text } from './addresses.ts'

const types: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  41: 'OPT',
  64: 'SVCB',
  65: 'HTTPS',
  255: 'ANY',
}
const codes = ['no error', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const
/** More than that is counted only. */
const answersTold = 4

export function dns(bytes: Buffer, protocol: string): string | null {
  if (bytes.length < 12) return null
  const id = bytes.readUInt16BE(0)
  const flags = bytes.readUInt16BE(2)
  const isAnswer = (flags & 0x8000) !== 0
  const [questions, answers] = [bytes.readUInt16BE(4), bytes.readUInt16BE(6)]
  const first = questions > 0 ? nameAt(bytes, 12) : null
  const type = first === null || first.end + 4 > bytes.length ? null : bytes.readUInt16BE(first.end)
  const asked = first === null ? '' : ` ${type === null ? '' : `${typeName(type)} `}${first.name}`
  if (!isAnswer) return `${protocol} query${asked}, id ${id}`
  const code = flags & 0xf
  const truncated = (flags & 0x0200) === 0 ? '' : ', truncated'
  // Answers stand behind one question; what stands behind several is found by nobody.
  const records = questions === 1 && first !== null ? recordsAt(bytes, first.end + 4, answers) : []
  const more = answers - records.length
  const told = [...records, ...(more > 0 ? [`${more} ${records.length > 0 ? 'more' : 'records'}`] : [])]
  const says =
    code !== 0 ? (codes[code] ?? `error ${code}`) : told.length > 0 ? told.join(', ') : 'no records'
  return `${protocol} answer${asked}: ${says}${truncated}, id ${id}`
}

function typeName(type: number): string {
  return types[type] ?? `TYPE${type}`
}

function recordsAt(bytes: Buffer, from: number, count: number): readonly string[] {
  const records: string[] = []
  let at = from
  for (let index = 0; index < Math.min(count, answersTold); index += 1) {
    const owner = nameAt(bytes, at)
    if (owner === null || owner.end + 10 > bytes.length) break
    const type = bytes.readUInt16BE(owner.end)
    const length = bytes.readUInt16BE(owner.end + 8)
    const data = owner.end + 10
    if (data + length > bytes.length) break
    records.push(`${typeName(type)}${valueOf(bytes, type, data, length)}`)
    at = data + length
  }
  return records
}

function valueOf(bytes: Buffer, type: number, at: number, length: number): string {
  if (type === 1 && length === 4) return ` ${ipv4Text(bytes, at)}`
  if (type === 28 && length === 16) return ` ${ipv6Text(bytes, at)}`
  if (type === 5 || type === 12 || type === 2) {
    const name = nameAt(bytes, at)
    return name === null ? '' : ` ${name.name}`
  }
  return ''
}

/** Longer than any name may be, with its compression. */
const mostLabels = 128
const longestName = 255

/** `end`: behind the name where it stands, not where a pointer led. */
function nameAt(bytes: Buffer, from: number): { readonly name: string; readonly end: number } | null {
  const labels: string[] = []
  let at = from
  let end: number | null = null
  let length = 0
  for (let count = 0; count < mostLabels; count += 1) {
    if (at >= bytes.length) return null
    const size = bytes.readUInt8(at)
    if (size === 0) {
      const name = labels.length === 0 ? '.' : labels.join('.')
      return { name: sanitise(name), end: end ?? at + 1 }
    }
    if ((size & 0xc0) === 0xc0) {
      if (at + 2 > bytes.length) return null
      end ??= at + 2
      at = bytes.readUInt16BE(at) & 0x3fff
      continue
    }
    length += size + 1
    if ((size & 0xc0) !== 0 || length > longestName || at + 1 + size > bytes.length) return null
    labels.push(bytes.toString('latin1', at + 1, at + 1 + size))
    at += 1 + size
  }
  return null
}
