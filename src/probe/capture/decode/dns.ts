/** RFC 1035: the question, or what the answer is. What is no plain character in a packet's names is escaped. */
import { readName } from '../../dns/domain-name.ts'
import { typeName } from '../../dns/record.ts'
import { ipv4Text, ipv6Text } from './addresses.ts'

const codes = ['no error', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const
/** More than that is counted only. */
const answersTold = 4

export function dns(bytes: Buffer, protocol: string): string | null {
  if (bytes.length < 12) return null
  const id = bytes.readUInt16BE(0)
  const flags = bytes.readUInt16BE(2)
  const isAnswer = (flags & 0x8000) !== 0
  const [questions, answers] = [bytes.readUInt16BE(4), bytes.readUInt16BE(6)]
  const first = questions > 0 ? readName(bytes, 12) : null
  const type = first === null || first.next + 4 > bytes.length ? null : bytes.readUInt16BE(first.next)
  const asked = first === null ? '' : ` ${type === null ? '' : `${typeName(type)} `}${first.name}`
  if (!isAnswer) return `${protocol} query${asked}, id ${id}`
  const code = flags & 0xf
  const truncated = (flags & 0x0200) === 0 ? '' : ', truncated'
  // Answers stand behind one question; what stands behind several is found by nobody.
  const records = questions === 1 && first !== null ? recordsAt(bytes, first.next + 4, answers) : []
  const more = answers - records.length
  const told = [...records, ...(more > 0 ? [`${more} ${records.length > 0 ? 'more' : 'records'}`] : [])]
  const says =
    code !== 0 ? (codes[code] ?? `error ${code}`) : told.length > 0 ? told.join(', ') : 'no records'
  return `${protocol} answer${asked}: ${says}${truncated}, id ${id}`
}

function recordsAt(bytes: Buffer, from: number, count: number): readonly string[] {
  const records: string[] = []
  let at = from
  for (let index = 0; index < Math.min(count, answersTold); index += 1) {
    const owner = readName(bytes, at)
    if (owner === null || owner.next + 10 > bytes.length) break
    const type = bytes.readUInt16BE(owner.next)
    const length = bytes.readUInt16BE(owner.next + 8)
    const data = owner.next + 10
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
    const name = readName(bytes, at)
    return name === null ? '' : ` ${name.name}`
  }
  return ''
}
