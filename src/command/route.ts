import { displayNames } from '../derive/netns-name.ts'
import { indexOf } from '../derive/netns-index.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import type { RouteAnswer, RouteQuery } from '../derive/route-answer.ts'
import { failed, succeeded, type Failure } from '../lib/failure.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'
import type { Answered } from './result.ts'

export const route = command({
  name: 'route',
  summary: 'the route the kernel would take: rule, table, source, neighbour, in words',
  description: [
    'Worked out from what was read; no packet is sent. Exit 1: the packet would not get out.',
    '--from with an address is the source; --from with anything else is a snapshot file.',
  ],
  examples: ['vethscope route web 192.0.2.1', 'vethscope route host 172.17.0.2 --iif eth0 --from 192.0.2.7'],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where the packet is', required: true },
    dst: { value: 'DST', summary: 'the address it goes to', required: true },
  },
  options: {
    from: { type: 'text', value: 'IP', summary: 'its source address' },
    iif: { type: 'text', value: 'LINK', summary: 'the link it came in by: then it is forwarded' },
    mark: { type: 'integer', value: 'M', min: 0, max: 0xffffffff, summary: 'its fwmark, decimal or 0x…' },
  },
  run: async ({ source }, { netns, dst, from, iif, mark }) => {
    const [{ predictRoute }, { routeText, policyRuleText }, { parseIp }] = await Promise.all([
      import('../derive/route.ts'),
      import('../derive/route-text.ts'),
      import('../lib/ip.ts'),
    ])
    const [plain = ''] = dst.split('%')
    for (const [what, text] of [
      ['DST', plain],
      ['--from', from],
    ] as const) {
      if (text !== undefined && parseIp(text) === null) return failed(notAnAddress(what, text))
    }
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const asked = resolveNetns(read.value, netns)
    if (!asked.ok) return asked
    const missing = iif === undefined ? null : noSuchLink(asked.value, iif, netns)
    if (missing !== null) return failed(missing)
    // Forwarding, rp_filter and their kin decide too, and are among the details.
    const whole = await source.withDetails(read.value, [asked.value.id])
    if (!whole.ok) return whole
    const world = whole.value
    const { id } = asked.value
    const chosen = world.netns.find((each) => each.id === id) ?? asked.value
    const query: RouteQuery = {
      dst,
      ...(from === undefined ? {} : { from }),
      ...(iif === undefined ? {} : { iif }),
      ...(mark === undefined ? {} : { mark }),
    }
    const answer = predictRoute(chosen, query)
    return succeeded({
      kind: 'route',
      data: {
        netns: { id, name: displayNames(world.netns).get(id) ?? id },
        ...answer,
        ruleText: answer.rule === null ? null : policyRuleText(answer.rule),
        routeText: answer.route === null ? null : routeText(answer.route, chosen),
      },
      answer: answerOf(answer),
      gaps: gapsOf(world),
    })
  },
})

function answerOf({ verdict }: RouteAnswer): Answered['answer'] {
  if (verdict === 'unknown') return 'unknown'
  return ['unicast', 'local', 'broadcast', 'multicast', 'anycast'].includes(verdict) ? 'yes' : 'no'
}

function notAnAddress(what: string, text: string): Failure {
  return {
    kind: 'usage',
    what: `${what}: "${text}" is not an address`,
    subject: text,
    hint: 'give an IPv4 or IPv6 address, without prefix length',
  }
}

function noSuchLink(netns: Netns, name: string, asked: string): Failure | null {
  if (isUnknown(netns.links) || indexOf(netns).byName.has(name)) return null
  return {
    kind: 'not-found',
    what: `there is no link "${name}" in ${asked}`,
    subject: name,
    hint: `vethscope show ${asked} lists its links`,
  }
}
