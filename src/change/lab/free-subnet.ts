/** The next free subnet, in the order in which Docker hands them out. */
import { createHash } from 'node:crypto'
import { formatPrefix, parsePrefix, type Prefix } from '../../lib/ip.ts'
import { overlapped, type TakenRange } from './taken-ranges.ts'

/** 172.17.0.0/16 … 172.31.0.0/16, then 192.168.0.0/20, 192.168.16.0/20 … */
const pool: readonly string[] = [
  ...Array.from({ length: 15 }, (_, at) => `172.${17 + at}.0.0/16`),
  ...Array.from({ length: 16 }, (_, at) => `192.168.${16 * at}.0/20`),
]

/** null: all of them are in use. */
export function freeSubnet(ranges: readonly TakenRange[]): string | null {
  return pool.find((text) => isFree(text, ranges)) ?? null
}

/** So many are tried: of 2^56 not one would overlap by chance. */
const attempts = 64

/**
 * A unique local /64 (RFC 4193). Its 56 bits come from the network's name: the same name gives the same subnet on each
 * host, which a network between hosts needs.
 */
export function freeSubnet6(name: string, ranges: readonly TakenRange[]): string | null {
  return (
    Array.from({ length: attempts }, (_, attempt) => uniqueLocal(`${name}/${attempt}`)).find((text) =>
      isFree(text, ranges),
    ) ?? null
  )
}

function uniqueLocal(seed: string): string {
  const bits = BigInt(`0x${createHash('sha256').update(seed).digest('hex').slice(0, 14)}`)
  const prefix: Prefix = { family: 'inet6', value: ((0xfdn << 56n) | bits) << 64n, length: 64 }
  return formatPrefix(prefix)
}

function isFree(text: string, ranges: readonly TakenRange[]): boolean {
  const prefix = parsePrefix(text)
  return prefix !== null && overlapped(prefix, ranges) === null
}
