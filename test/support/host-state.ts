/**
 * All of a played host that a change may touch, as text that two moments can be compared by: what differs without being
 * a change (counters, timers, ifindexes, nsids, handles, what a bridge learnt) is left out.
 */
import { expect, vi } from 'vitest'
import type { TestHost } from './host.ts'

/** `web route` → its lines, in an order of their own. `host` is the host itself, the others are names of /run/netns. */
export type HostState = Readonly<Record<string, readonly string[]>>

/** Each part is a shell line; what it prints is one part of the state. */
const parts = {
  link: 'ip -d -o link',
  address: 'ip -o addr',
  route: 'ip route show table all; ip -6 route show table all',
  rule: 'ip rule; ip -6 rule',
  neighbour: 'ip neigh show nud permanent; ip -6 neigh show nud permanent; ip neigh show proxy',
  fdb: 'bridge fdb show',
  iptables: 'iptables-save; ip6tables-save; iptables-legacy-save; ip6tables-legacy-save',
  nft: 'nft list ruleset',
  sysctl: 'grep -rs . /proc/sys/net',
} as const

const ofHost = {
  names: 'ls /run/netns',
  etc: 'find /etc/netns -type f -exec grep -Hs "" {} +; find /etc/netns -mindepth 1 -type d',
  lab: 'find /run/vethscope -type f ! -name journal ! -name journal.gone ! -name lock ! -name host -exec grep -Hs "" {} +',
} as const

type Part = keyof typeof parts

const script = `
export LC_ALL=C
part() { echo "== $1 $2"; eval "$3" 2>/dev/null; }
inside() { ${Object.entries(parts)
  .map(([name, line]) => `part "$1" ${name} '${line}'`)
  .join('; ')}; }
case "$1" in
  inside) inside "$2" ;;
  *) inside host
     for name in $(ls /run/netns 2>/dev/null); do nsenter --net="/run/netns/$name" sh "$0" inside "$name" 2>/dev/null; done
     ${Object.entries(ofHost)
       .map(([name, line]) => `part host ${name} '${line}'`)
       .join('; ')} ;;
esac
true # finding nothing is fine
`

export function stateOf(host: TestHost): HostState {
  const file = '/run/state-of.sh'
  host.run(['tee', file], { input: script })
  const said = host.run(['sh', file])
  host.run(['rm', file])
  const state: Record<string, readonly string[]> = {}
  for (const section of said.split(/^== /m).slice(1)) {
    const [title = '', ...lines] = section.split('\n')
    const part = title.split(' ').at(-1) ?? ''
    const kept = lines.filter((line) => line !== '').flatMap((line) => normal(part, line))
    // Rules have an order; all else is a set, nft's tables too.
    state[title] = part === 'nft' ? sortedTables(kept) : part === 'iptables' ? kept : kept.toSorted()
  }
  return state
}

/**
 * Links whose carrier the kernel has not told anybody of yet (linkwatch: up to a second later; IPv6 begins then), and
 * addresses without their own route: the kernel still asks whether somebody has them (duplicate address detection).
 */
const asked = `
asked() {
  ip -o link | grep LOWER_UP | grep -vE 'state (UP|UNKNOWN)'
  ip -o link | grep NO-CARRIER | grep 'state UP'
  ip -6 -o addr | grep -v dadfailed | while read -r number link family address rest; do
    ip -o link show dev "$link" | grep -q LOWER_UP || continue
    ip -6 route show table local | grep -q "^local \${address%%/*} dev $link " || echo "$link $address"
  done
}
case "$1" in
  inside) asked ;;
  *) asked; for name in $(ls /run/netns 2>/dev/null); do nsenter --net="/run/netns/$name" sh "$0" inside; done ;;
esac
true
`

/** When nothing moves any more by itself. */
export async function stateAtRest(host: TestHost): Promise<HostState> {
  return vi.waitFor(
    () => {
      const state = stateOf(host)
      const file = '/run/asked.sh'
      host.run(['tee', file], { input: asked })
      // Between two looks that say the same: what began after the first one is seen here, or by the second.
      const said = host.run(['sh', file])
      host.run(['rm', file])
      expect(said).toBe('')
      expect(stateOf(host)).toEqual(state)
      return state
    },
    { timeout: 20_000, interval: 200 },
  )
}

function sortedTables(lines: readonly string[]): readonly string[] {
  const tables = lines.join('\n').split(/^(?=table )/m)
  return tables
    .map((each) => each.trimEnd())
    .toSorted()
    .flatMap((each) => (each === '' ? [] : each.split('\n')))
}

/** As it is where nothing changed; none: it says nothing. */
function normal(part: string, line: string): readonly string[] {
  return part in normalise ? normalise[part as Part](line) : [line]
}

const normalise: { readonly [P in Part]: (line: string) => readonly string[] } = {
  link: (line) => [
    line
      .replace(/^\d+: /, '')
      .replace(/@if\d+:/, '@:')
      // The kernel tells of a carrier up to a second later (linkwatch); it follows from what is set up.
      .replaceAll(/NO-CARRIER,|,LOWER_UP| state \S+/g, '')
      .replaceAll(/ link-netnsid \S+| \S*_timer +\S+| (?:designated_)?port(?:_id|_no)? \S+(?= )/g, '')
      // A bridge keeps what its first port allowed.
      .replaceAll(/ tso_max_size \S+/g, '')
      .replaceAll(/ (?:topology_change\S*|promiscuity|allmulti|root_port|root_path_cost) +\S+/g, '')
      .replaceAll(/\s+/g, ' ')
      .trimEnd(),
  ],
  address: (line) => [
    line
      .replace(/^\d+: /, '')
      .replaceAll(/_lft \d+sec/g, '_lft some')
      .replace(' tentative', '')
      .replaceAll(/\\?\s+/g, ' ')
      .trimEnd(),
  ],
  // The kernel's own route for multicast comes with a link's first carrier, and stays; that of an address of IPv6 follows from
  // it, when nobody else has been found to have it.
  route: (line) =>
    line.startsWith('multicast ff00::/8 ') ||
    /^local [0-9a-f:]+:[0-9a-f:]* dev \S+ table local proto kernel/.test(line)
      ? []
      : [
          line
            .replace(/ expires \S+/, '')
            .replace(' linkdown', '')
            .replaceAll(/\s+/g, ' ')
            .trimEnd(),
        ],
  rule: (line) => [line.replaceAll(/\s+/g, ' ')],
  neighbour: (line) => [line.trimEnd()],
  // Multicast groups come and go with timers of their own.
  fdb: (line) =>
    /permanent|static| dst /.test(line) && !/^(?:33:33|01:00:5e)/.test(line) ? [line.trimEnd()] : [],
  iptables: (line) => (line.startsWith('#') ? [] : [line.replaceAll(/\[\d+:\d+\]/g, '')]),
  nft: (line) => [line.replaceAll(/packets \d+ bytes \d+/g, '').replaceAll(/ expires \S+/g, '')],
  sysctl: (line) => (/nf_conntrack_count|fastopen_key|nf_conntrack_buckets/.test(line) ? [] : [line]),
}
