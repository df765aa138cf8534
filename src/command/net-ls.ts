import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import type { NetworkShape, UnreadEngineShape } from './container-shapes.ts'
import { gapsOf } from './gaps.ts'
import { listNetworks } from './ls-networks.ts'
import { networkDetail } from './network-detail.ts'

const options = {
  engine: {
    type: 'choice',
    value: 'ENGINE',
    choices: ['lab', 'docker', 'podman'],
    summary: 'whose networks; default: of all engines',
  },
} as const

export const netLs = command({
  name: 'net ls',
  summary: 'networks of the lab and of container engines, as ls networks has them',
  needs: 'world',
  arguments: {},
  options,
  run: async ({ source }, { engine }) => {
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const all = listNetworks(read.value)
    return succeeded({
      ...all,
      data: all.data.filter((each) => engine === undefined || each.engine === engine || each.engine === null),
    })
  },
})

export const netInspect = command({
  name: 'net inspect',
  summary:
    'one network: its addresses, options, members and published ports; an overlay across its namespaces',
  needs: 'world',
  arguments: { name: { value: 'NET', summary: 'its name, or the beginning of its id', required: true } },
  options,
  run: async ({ source }, { name, engine }) => {
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const network = networkNamed(read.value, name, engine)
    return network.ok
      ? succeeded({
          kind: 'lab-network',
          data: networkDetail(read.value, network.value),
          answer: 'yes',
          gaps: gapsOf(read.value),
        })
      : network
  },
})

/** The whole name before the beginning of an id. */
function networkNamed(world: World, text: string, engine: string | undefined): Outcome<NetworkShape> {
  const data = listNetworks(world).data.filter(
    (each) => engine === undefined || each.engine === engine || each.engine === null,
  )
  const known = data.filter((each): each is NetworkShape => !('unknown' in each))
  const unread = data.filter((each): each is UnreadEngineShape => 'unknown' in each)
  const named = known.filter((each) => each.name === text || each.id === text)
  const found = named.length > 0 ? named : known.filter(({ id }) => text.length >= 2 && id.startsWith(text))
  const [first, ...others] = found
  if (first === undefined && unread.length > 0) {
    const where = unread.map((each) =>
      each.engine === null
        ? `those of any engine (${each.unknown})`
        : `those of ${each.engine} at ${each.endpoint} (${each.unknown})`,
    )
    return failed({
      kind: 'not-found',
      what: `there is no network "${text}" among those that could be read; not read: ${where.join(', ')}`,
      subject: text,
    })
  }
  if (first === undefined) {
    return failed({
      kind: 'not-found',
      what: `there is no network "${text}"`,
      subject: text,
      hint: 'vethscope net ls lists them all',
    })
  }
  if (others.length === 0) return succeeded(first)
  const meant = found.map((each) => `${each.name} of ${each.engine} (${each.id.slice(0, 12)})`)
  return failed({
    kind: 'ambiguous',
    what: `network "${text}" could be ${meant.join(' or ')}`,
    subject: text,
    hint: 'say which with --engine, or by its id',
  })
}
