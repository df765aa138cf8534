/** Whether what leaves a bridge's network gets another source address: by the rules where they were read, else by the engine's word. */
import type { Address } from '../model/address.ts'
import type { Netns } from '../model/netns.ts'
import type { NetworkMark } from './engine-marks.ts'
import type { Rule } from '../model/ruleset.ts'
import { anyPacket } from './packet/packet.ts'
import { outcomesAt } from './packet/verdict.ts'

/** null: nobody says. */
export function bridgeNat(
  netns: Netns,
  addresses: readonly Address[],
  network: NetworkMark | null,
): boolean | null {
  const word = network?.masquerades ?? null
  const own = addresses.filter(({ scope }) => scope === 'global')
  if (own.length === 0) return word
  const { firewall } = netns
  if (firewall === null) return word
  const translated = own.some(({ family, local }) =>
    outcomesAt(firewall, 'postrouting', {
      ...anyPacket,
      family: family === 'inet' ? 'ip' : 'ip6',
      source: local,
      toLocal: false,
      state: 'NEW',
      mark: 0,
    }).acceptedAt.some(({ rule }) => rule !== null && isTranslation(rule)),
  )
  // A table that could not be read may hold the rule.
  return translated || firewall.unread.length === 0 ? translated : word
}

/** Podman and Kubernetes mark what came by a published port: that is translated whatever network it is of. */
function isTranslation({ statements, matches }: Rule): boolean {
  return (
    statements.some(({ kind }) => kind === 'masquerade' || kind === 'snat') &&
    !matches.some((match) => match.kind === 'mark' && !match.not && Number(match.value) !== 0)
  )
}
