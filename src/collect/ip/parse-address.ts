/** `ip -j -d addr show` → Address. */
import type { Address } from '../../model/address.ts'
import { flag, listed, number, text, type Printed } from './json.ts'

/** IFA_F_* as `ip` spells them, in the order it prints them. */
const flagNames = [
  'secondary',
  'temporary',
  'nodad',
  'optimistic',
  'dadfailed',
  'home',
  'deprecated',
  'tentative',
  'permanent',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin',
  'stable-privacy',
] as const

/** IFA_F_PERMANENT is not printed; `ip` prints `dynamic` where it is absent. */
export function parseAddresses(answers: readonly Printed[]): readonly Address[] {
  return answers.flatMap((link) =>
    listed(link['addr_info']).map((from) => parseAddress(from, number(link, 'ifindex') ?? 0)),
  )
}

function parseAddress(from: Printed, ifindex: number): Address {
  const flags: string[] = flagNames.filter((name) => flag(from, name))
  if (!flag(from, 'dynamic') && !flag(from, 'temporary')) flags.push('permanent')
  return {
    ifindex,
    family: text(from, 'family') === 'inet6' ? 'inet6' : 'inet',
    local: text(from, 'local') ?? '',
    peer: text(from, 'address'),
    prefixLen: number(from, 'prefixlen') ?? 0,
    broadcast: text(from, 'broadcast'),
    scope: text(from, 'scope') ?? 'global',
    label: text(from, 'label'),
    flags,
    validLifetime: lifetime(from, 'valid_life_time'),
    preferredLifetime: lifetime(from, 'preferred_life_time'),
    protocol: text(from, 'protocol'),
  }
}

/** 2³²−1 stands for ever (INFINITY_LIFE_TIME, linux/if_addr.h). */
function lifetime(from: Printed, key: string): number | null {
  const seconds = number(from, key)
  return seconds === 0xffffffff ? null : seconds
}
