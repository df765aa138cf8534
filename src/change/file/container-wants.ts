/** Containers of a file: on the networks that it names. Others that they are on stay. */
import { normalIp } from '../../lib/ip.ts'
import type { Container, Endpoint } from '../../model/engine.ts'
import type { EngineConnection, Intent } from '../../model/intent.ts'
import type { FileConnection, NetworkFile } from '../../model/network-file.ts'
import { engineOf } from '../engine/engine-of.ts'
import { containerNamed } from '../engine/named-in-engine.ts'
import { planned } from '../planner.ts'
import type { Want } from './composed.ts'
import { sameWords } from './differences.ts'

export function containerWants({ containers = {} }: NetworkFile): readonly Want[] {
  return Object.entries(containers).flatMap(([name, { engine, networks }]) =>
    networks.map((connection, at): Want => ({
      path: ['containers', name, 'networks', at],
      stage: 1,
      intents: ({ world }) => {
        const asked = engineOf(world, { engine })
        if (!asked.ok) return asked
        const container = containerNamed(asked.value, name)
        if (!container.ok) return container
        const there = container.value.endpoints.find(({ network }) => network === connection.name)
        if (there !== undefined && isAsAsked(container.value, there, connection)) return planned([])
        const on: Intent = {
          kind: 'engine-net-connect',
          engine,
          container: container.value.name,
          connection: connectionOf(connection),
        }
        const off: Intent = {
          kind: 'engine-net-disconnect',
          engine,
          container: container.value.name,
          network: connection.name,
          force: false,
        }
        return planned(there === undefined ? [on] : [off, on])
      },
    })),
  )
}

function connectionOf({ name, aliases, links, ...rest }: FileConnection): EngineConnection {
  return { network: name, ...rest, aliases: aliases ?? [], links: links ?? [], linkLocal: [], options: {} }
}

/** Digits of its id that an engine gives a container as an alias by itself. */
const shortId = 12

/** What is not asked for may be as it is. */
function isAsAsked({ id, name }: Container, there: Endpoint, asked: FileConnection): boolean {
  const isAddress = (is: string | null | undefined, wanted: string | undefined): boolean =>
    wanted === undefined || is?.split('/')[0] === (normalIp(wanted) ?? wanted)
  const own = new Set([id.slice(0, shortId), name])
  const aliases = there.aliases.filter((alias) => !own.has(alias))
  const links = (there.asked?.links ?? []).map((text) => withAlias(text.replace(/^\//, '')))
  // Of one that does not run the address is what it was asked for.
  return (
    isAddress(there.ipv4 ?? there.asked?.ipv4, asked.ip) &&
    isAddress(there.ipv6 ?? there.asked?.ipv6, asked.ip6) &&
    (asked.mac === undefined || asked.mac.toLowerCase() === there.mac?.toLowerCase()) &&
    sameWords(aliases) === sameWords([...new Set(asked.aliases)].filter((alias) => !own.has(alias))) &&
    (there.asked === undefined || sameWords(links) === sameWords((asked.links ?? []).map(withAlias)))
  )
}

function withAlias(text: string): string {
  return text.includes(':') ? text : `${text}:${text}`
}
