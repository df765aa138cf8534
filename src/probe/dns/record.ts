/** What a record of DNS holds, as text. */
import { formatIp } from '../../lib/ip.ts'
import type { DnsType } from '../../model/probe.ts'
import { readName } from './domain-name.ts'

const names: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  39: 'DNAME',
  41: 'OPT',
  46: 'RRSIG',
  64: 'SVCB',
  65: 'HTTPS',
  255: 'ANY',
}

export const typeNumber: Readonly<Record<DnsType, number>> = { A: 1, PTR: 12, AAAA: 28 }

/** One that is not known here is written as RFC 3597 has it. */
export function typeName(type: number): string {
  return names[type] ?? `TYPE${type}`
}

/** Types whose data is a name and nothing else. */
const isName: ReadonlySet<number> = new Set([2, 5, 12, 39])
const mostBytes = 64

/** The data lies between `at` and `end`; null: it is not what its type has. */
export function recordValue(message: Buffer, type: number, at: number, end: number): string | null {
  const data = message.subarray(at, end)
  if (type === 1)
    return data.length === 4 ? formatIp({ family: 'inet', value: BigInt(data.readUInt32BE(0)) }) : null
  if (type === 28) {
    if (data.length !== 16) return null
    const value = (data.readBigUInt64BE(0) << 64n) | data.readBigUInt64BE(8)
    return formatIp({ family: 'inet6', value })
  }
  if (isName.has(type)) {
    const read = readName(message, at)
    return read === null || read.next !== end ? null : read.name
  }
  const more = data.length > mostBytes ? '…' : ''
  return `\\# ${data.length} ${data.subarray(0, mostBytes).toString('hex')}${more}`
}
