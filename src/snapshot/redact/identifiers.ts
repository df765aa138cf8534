/** Identifiers that a machine drew: containers', networks', boots', WireGuard's public keys. */
import type { Hash } from './hashing.ts'

export type Identifiers = {
  /** Of any length from 12 on; one that begins like another still does. */
  readonly hex: (id: string) => string
  readonly uuid: (id: string) => string
  readonly key: (key: string) => string
  readonly counts: () => { readonly identifiers: number; readonly keys: number }
}

/** As long as engines write them when they shorten. */
const shortLength = 12

export function identifiers(hash: Hash): Identifiers {
  const ids = new Set<string>()
  const keys = new Set<string>()
  const drawn = (text: string, length: number, isDecimal: boolean): string => {
    let result = ''
    for (let round = 0; result.length < length; round++) result += hash(`id ${round}`, text).toString('hex')
    const cut = result.slice(0, length)
    return isDecimal ? cut.replace(/[a-f]/g, (digit) => String(digit.charCodeAt(0) - 96)) : cut
  }
  return {
    hex: (id) => {
      ids.add(id)
      const isDecimal = /^\d+$/.test(id)
      const head = drawn(id.slice(0, shortLength), shortLength, isDecimal)
      return head + drawn(id, id.length - shortLength, isDecimal)
    },
    uuid: (id) => {
      ids.add(id)
      const hex = drawn(id, 32, false)
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      )
    },
    key: (key) => {
      keys.add(key)
      return hash('key', key).toString('base64')
    },
    counts: () => ({ identifiers: ids.size, keys: keys.size }),
  }
}
