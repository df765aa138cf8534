/** `ip -j -s neigh`, `bridge -j -s fdb`, `bridge -j mdb` → Neighbour, FdbEntry, MdbEntry. */
import type { FdbEntry, MdbEntry, Neighbour } from '../../model/neighbour.ts'
import { flag, listed, number, text, texts, type Printed } from './json.ts'

type Ifindexes = ReadonlyMap<string | null, number>

const neighbourFlags = ['router', 'proxy', 'extern_learn', 'offload', 'managed'] as const

export function parseNeighbours(answers: readonly Printed[], ifindexOf: Ifindexes): readonly Neighbour[] {
  return answers.map((from) => {
    const dst = text(from, 'dst') ?? ''
    return {
      ifindex: ifindexOf.get(text(from, 'dev')) ?? 0,
      family: dst.includes(':') ? 'inet6' : 'inet',
      dst,
      lladdr: text(from, 'lladdr'),
      state: texts(from, 'state')[0] ?? 'NONE',
      flags: neighbourFlags.filter((name) => flag(from, name)),
      used: number(from, 'used'),
      confirmed: number(from, 'confirmed'),
      updated: number(from, 'updated'),
    }
  })
}

export function parseFdb(answers: readonly Printed[], ifindexOf: Ifindexes): readonly FdbEntry[] {
  return answers.map((from) => ({
    ifindex: ifindexOf.get(text(from, 'ifname')) ?? 0,
    lladdr: text(from, 'mac') ?? '',
    vlan: number(from, 'vlan'),
    master: ifindexOf.get(text(from, 'master')) ?? null,
    dst: text(from, 'dst'),
    vni: number(from, 'vni'),
    port: number(from, 'port'),
    via: ifindexOf.get(text(from, 'viaIf')) ?? null,
    state: text(from, 'state') ?? 'unknown',
    flags: texts(from, 'flags'),
    nexthopId: number(from, 'nhid'),
  }))
}

export function parseMdb(answers: readonly Printed[], ifindexOf: Ifindexes): readonly MdbEntry[] {
  return answers.flatMap((answer) =>
    listed(answer['mdb']).map((from) => ({
      bridge: ifindexOf.get(text(from, 'dev')) ?? 0,
      port: ifindexOf.get(text(from, 'port')) ?? 0,
      group: text(from, 'grp') ?? '',
      vlan: number(from, 'vid'),
      permanent: text(from, 'state') === 'permanent',
    })),
  )
}
