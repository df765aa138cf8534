/** Events of the kernel summed up: `12 link events, 3 addresses`, the first at once and then every few seconds a namespace. */
import type { NetnsId } from '../model/ids.ts'
import type { Happening } from '../model/log-entry.ts'
import type { Heard } from './reader.ts'

/** A link that flaps all day makes this many entries a minute: twelve. */
const restsMs = 5000
/** More namespaces than that at once are one entry: a host that starts has a thousand. */
const mostAtOnce = 20

type Sum = { readonly since: number; readonly at: number; readonly heard: Heard }

export type KernelTally = {
  readonly add: (id: NetnsId, heard: Heard, at: number) => void
  /** What may be told now. */
  readonly take: (now: number) => readonly Happening[]
  /** When something may be told, from now; null: nothing waits. */
  readonly restMs: (now: number) => number | null
}

export function kernelTally(): KernelTally {
  const sums = new Map<NetnsId, Sum>()
  const toldAt = new Map<NetnsId, number>()
  const dueAt = (id: NetnsId): number => (toldAt.get(id) ?? -Infinity) + restsMs
  return {
    add: (id, heard, at) => {
      const before = sums.get(id)
      sums.set(id, { since: before?.since ?? at, at, heard: summed(before?.heard, heard) })
    },
    take: (now) => {
      // An entry for each that ever changed would be kept for ever.
      for (const [id, at] of toldAt) if (at + restsMs <= now) toldAt.delete(id)
      const due = [...sums].filter(([id]) => dueAt(id) <= now)
      for (const [id] of due) {
        sums.delete(id)
        toldAt.set(id, now)
      }
      return due.length > mostAtOnce ? [ofMany(due.map(([, sum]) => sum))] : due.map(ofOne)
    },
    restMs: (now) => {
      const dues = [...sums.keys()].map(dueAt)
      return dues.length === 0 ? null : Math.max(0, Math.min(...dues) - now)
    },
  }
}

function summed(before: Heard | undefined, more: Heard): Heard {
  if (before === undefined) return { ...more }
  return {
    links: before.links + more.links,
    addresses: before.addresses + more.addresses,
    routes: before.routes + more.routes,
    rules: before.rules + more.rules,
    others: before.others + more.others,
  }
}

const entry = { times: 1, kind: 'kernel', container: null, outcome: null } as const

function ofOne([netns, { since, at, heard }]: readonly [NetnsId, Sum]): Happening {
  return { ...entry, at, since, netns, text: inWords(heard) }
}

function ofMany(sums: readonly Sum[]): Happening {
  const all = sums.map(({ heard }) => heard).reduce(summed)
  return {
    ...entry,
    at: Math.max(...sums.map(({ at }) => at)),
    since: Math.min(...sums.map(({ since }) => since)),
    netns: null,
    text: `in ${sums.length} namespaces: ${inWords(all)}`,
  }
}

const words: readonly (readonly [keyof Heard, string, string])[] = [
  ['links', 'link event', 'link events'],
  ['addresses', 'address', 'addresses'],
  ['routes', 'route', 'routes'],
  ['rules', 'policy rule', 'policy rules'],
  ['others', 'other event', 'other events'],
]

export function inWords(heard: Heard): string {
  return words
    .filter(([kind]) => heard[kind] > 0)
    .map(([kind, one, many]) => `${heard[kind]} ${heard[kind] === 1 ? one : many}`)
    .join(', ')
}
