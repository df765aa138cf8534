/** What stands in maps, as far as it says which port of which address leads where. */
import type { NftSet } from '../../model/ruleset.ts'

/** `ip daddr` … → what the packet must have there. */
export type Fields = {
  readonly address?: string
  readonly protocol?: string
  readonly ports?: string
}

const fieldOf: Readonly<Record<string, keyof Fields>> = {
  'ip daddr': 'address',
  'ip6 daddr': 'address',
  'tcp dport': 'ports',
  'udp dport': 'ports',
  'sctp dport': 'ports',
  'th dport': 'ports',
  'meta l4proto': 'protocol',
  'ip protocol': 'protocol',
  'ip6 nexthdr': 'protocol',
}

const parts = (text: string): readonly string[] => text.split(' . ').map((part) => part.trim())

/** `ip daddr`, `meta l4proto`, `th dport` with `10.96.0.1 . tcp . 443`. */
export function fieldsOf(key: readonly string[], element: string): Fields {
  const values = parts(element)
  const fields: { address?: string; protocol?: string; ports?: string } = {}
  key.forEach((name, at) => {
    const field = fieldOf[name]
    const value = values[at]
    if (field === undefined || value === undefined) return
    fields[field] = value
    const own = /^(tcp|udp|sctp) dport$/.exec(name)?.[1]
    if (own !== undefined) fields.protocol = own
  })
  return fields
}

export type MapEntry = Fields & { readonly toAddress: string | null; readonly toPorts: string | null }

/** `tcp dport map { 8080 : 172.17.0.2 . 80 }` or `… map @ports`; `named` finds a map of the table. */
export function mapEntries(text: string, named: (name: string) => NftSet | null): readonly MapEntry[] {
  const [key = '', rest = ''] = text.split(/ map (.*)/s)
  const name = /^@(\S+)$/.exec(rest.trim())?.[1]
  const inline = /^\{(.*)\}$/s.exec(rest.trim())?.[1]
  const pairs: readonly (readonly [string, string])[] =
    name === undefined
      ? (inline ?? '').split(',').flatMap((pair) => {
          const [, from, to] = /^(.*?) : (.*)$/.exec(pair.trim()) ?? []
          return from === undefined || to === undefined ? [] : [[from, to] as const]
        })
      : (named(name)?.elements.map(({ key, value }) => [key, value ?? ''] as const) ?? [])
  return pairs.flatMap(([from, to]) => {
    const [toAddress = null, toPorts = null] = parts(to)
    return toAddress === null ? [] : [{ ...fieldsOf(parts(key), from), toAddress, toPorts }]
  })
}
