/** What the targets of iptables do (iptables-extensions(8)). */
import type { Statement } from '../../model/ruleset.ts'
import type { Option, SortedRule } from './rule-options.ts'

type Target = NonNullable<SortedRule['target']>
type Reading = (target: Target) => Statement | null

/** `chains`: those of the table; a target of the same name as none of them is an extension. */
export function statementOf(target: Target, chains: { has(name: string): boolean }): Statement {
  // A user's chain may not be called like a target, but only its presence tells LOG from a chain of that name.
  if (chains.has(target.name) && target.options.length === 0) {
    return { kind: target.goto ? 'goto' : 'jump', chain: target.name }
  }
  return targets.get(target.name)?.(target) ?? opaque(target)
}

function opaque({ name, goto, options }: Target): Statement {
  return {
    kind: 'opaque',
    text: [...(goto ? ['-g'] : []), name, ...options.map(({ text }) => text)].join(' '),
  }
}

const verdict =
  (kind: 'accept' | 'drop' | 'return' | 'notrack'): Reading =>
  ({ options }) =>
    options.length === 0 ? { kind } : null

/** What the options say, if all of them are among `names`. */
function only(options: readonly Option[], names: readonly string[]): ReadonlyMap<string, string> | null {
  if (options.some(({ name, not }) => not || !names.includes(name))) return null
  const said = new Map(options.map(({ name, values: [value = ''] }) => [name, value]))
  return said.size === options.length ? said : null
}

const noFlags: readonly string[] = []
const natFlags = ['--random', '--random-fully', '--persistent']

function flagsIn(said: ReadonlyMap<string, string>): readonly string[] {
  const flags = natFlags.filter((flag) => said.has(flag))
  return flags.length === 0 ? noFlags : flags.map((flag) => flag.slice(2))
}

const translation =
  (kind: 'dnat' | 'snat', option: string): Reading =>
  ({ options }) => {
    const said = only(options, [option, ...natFlags])
    const to = said?.get(option)
    if (said === null || to === undefined) return null
    const { address, ports } = destination(to)
    // Not spread: V8 would make a shape of its own for each of thousands.
    return { kind, address, ports, map: null, flags: flagsIn(said) }
  }

/** `1.2.3.4-1.2.3.9:80-90/8080`, `:80`, `[fd00::1]-[fd00::9]:80`, `fd00::1`. */
export function destination(to: string): { address: string | null; ports: string | null } {
  const bracketed = /^((?:\[[^\]]*\]-?)+)(?::(.+))?$/.exec(to)
  if (bracketed !== null) {
    return { address: (bracketed[1] ?? '').replace(/[[\]]/g, ''), ports: bracketed[2] ?? null }
  }
  const colon = to.indexOf(':')
  // An IPv6 address without a port has no brackets.
  if (colon < 0 || colon !== to.lastIndexOf(':')) return { address: to, ports: null }
  return { address: colon === 0 ? null : to.slice(0, colon), ports: to.slice(colon + 1) }
}

const portTarget =
  (kind: 'masquerade' | 'redirect'): Reading =>
  ({ options }) => {
    const said = only(options, ['--to-ports', ...natFlags])
    return said === null ? null : { kind, ports: said.get('--to-ports') ?? null, flags: flagsIn(said) }
  }

const wholeMask = 0xffffffff

/** `--set-xmark V/M`: the bits of M are cleared, then V is exclusive-or'ed: setting, as long as V lies within M. */
const setMark =
  (of: 'packet' | 'connection'): Reading =>
  ({ options }) => {
    const said = only(options, ['--set-xmark', '--set-mark'])
    const text = said?.get('--set-xmark') ?? said?.get('--set-mark')
    if (text === undefined || options.length !== 1) return null
    const [value = '', mask = null] = text.split('/')
    if (!isNumber(value) || (mask !== null && !isNumber(mask))) return null
    if (mask === null || Number(mask) === wholeMask) return { kind: 'mark', of, value, mask: null }
    const isWithin = (BigInt(value) & ~BigInt(mask)) === 0n
    return isWithin ? { kind: 'mark', of, value, mask } : null
  }

function isNumber(text: string): boolean {
  return /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text)
}

const targets = new Map(
  Object.entries<Reading>({
    ACCEPT: verdict('accept'),
    DROP: verdict('drop'),
    RETURN: verdict('return'),
    NOTRACK: verdict('notrack'),
    CT: ({ options: [option, ...others] }) =>
      option?.name === '--notrack' && others.length === 0 ? { kind: 'notrack' } : null,
    REJECT: ({ options }) => {
      const said = only(options, ['--reject-with'])
      return said === null ? null : { kind: 'reject', with: said.get('--reject-with') ?? null }
    },
    DNAT: translation('dnat', '--to-destination'),
    SNAT: translation('snat', '--to-source'),
    MASQUERADE: portTarget('masquerade'),
    REDIRECT: portTarget('redirect'),
    MARK: setMark('packet'),
    CONNMARK: setMark('connection'),
    LOG: ({ options }) => ({ kind: 'log', prefix: prefixIn(options, '--log-prefix') }),
    NFLOG: ({ options }) => ({ kind: 'log', prefix: prefixIn(options, '--nflog-prefix') }),
  }),
)

function prefixIn(options: readonly Option[], name: string): string | null {
  return options.find((option) => option.name === name)?.values[0] ?? null
}
