/**
 * Traffic control filters (RTM_GETTFILTER). They can only be asked for link by link and parent by parent, so only
 * those are asked that can have any: ingress, clsact, and qdiscs with classes.
 */
import { isUnknown, unknown, type Known } from '../../../model/known.ts'
import type { Program, TrafficFilter } from '../../../model/traffic-control.ts'
import {
  attributes,
  attributeEnd,
  attributeStep,
  lengthOf,
  offsetOf,
  payload,
  text,
  u32,
  walk,
  walkNested,
  type Bytes,
} from '../netlink/bytes.ts'
import { describeNetlinkError, type Netlink } from '../netlink/socket.ts'
import { tcmsgSize, type FoundQdisc } from './qdiscs.ts'
import { filterParent, protocolText } from './tc-words.ts'

const RTM_GETTFILTER = 46
const TCA_KIND = 1
const TCA_OPTIONS = 2

/** A filter, and the eBPF programs that it or its actions run. */
export type FoundFilter = { readonly filter: TrafficFilter; readonly programs: readonly Program[] }

const classful = new Set([
  'htb',
  'prio',
  'hfsc',
  'drr',
  'qfq',
  'ets',
  'cbq',
  'multiq',
  'dsmark',
  'fq_codel',
  'sfq',
  'cake',
])
const clsactSides = [0xfffffff2, 0xfffffff3]

/** The parents of a qdisc that filters may hang on; ffff:0 for ingress, both sides for clsact. */
function parentsOf({ qdisc, handle }: FoundQdisc): readonly number[] {
  if (qdisc.kind === 'clsact') return clsactSides
  if (qdisc.kind === 'ingress') return [handle]
  return classful.has(qdisc.kind) && handle !== 0 ? [handle] : []
}

export function readFilters(socket: Netlink, qdiscs: readonly FoundQdisc[]): Known<readonly FoundFilter[]> {
  const filters: FoundFilter[] = []
  for (const each of qdiscs) {
    for (const parent of parentsOf(each)) {
      const found = readParent(socket, each.qdisc.ifindex, parent)
      if (isUnknown(found)) return found
      filters.push(...found)
    }
  }
  return filters
}

function readParent(socket: Netlink, ifindex: number, parent: number): Known<readonly FoundFilter[]> {
  const request = Buffer.alloc(tcmsgSize)
  request.writeInt32LE(ifindex, 4)
  request.writeUInt32LE(parent, 12)
  const answer = socket.dump(RTM_GETTFILTER, request, (bytes, start, end) =>
    parseFilter(bytes, start, end, ifindex, parent),
  )
  if (answer.ok) return answer.values
  // The link, or its qdisc, went away since the qdiscs were read.
  if (['ENODEV', 'ENOENT', 'EINVAL'].includes(answer.error.errno)) return []
  return unknown(`filters of link ${ifindex}: ${describeNetlinkError(answer.error)}`)
}

const found = attributes(15)
const options = attributes(128)

/**
 * `ifindex` and `parent` are those asked for: a filter of a block that several links share names none of them.
 * Kernel messages without a handle only announce a classifier; u32 also lists its hash tables, whose handles
 * have no node number (TC_U32_NODE).
 */
export function parseFilter(
  bytes: Bytes,
  start: number,
  end: number,
  ifindex: number,
  parent: number,
): FoundFilter | null {
  if (end - start < tcmsgSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  walk(bytes, start + tcmsgSize, end, found)
  const kind = text(bytes, found, TCA_KIND) ?? ''
  const handle = view.getUint32(start + 8, true)
  if (handle === 0 || (kind === 'u32' && (handle & 0xfff) === 0)) return null
  // Priority in the upper half, the protocol in network order in the lower (TC_H_MAKE).
  const info = view.getUint32(start + 16, true)
  const protocol = ((info & 0xff) << 8) | ((info >>> 8) & 0xff)
  walkNested(bytes, found, TCA_OPTIONS, options)
  const place = filterParent(parent)
  const actions = actionsOf(kind, bytes)
  const own = kind === 'bpf' ? [{ name: text(bytes, options, 7), id: u32(bytes, options, 11) }] : []
  const programs = [...own, ...actions.flatMap((action) => (action.program === null ? [] : [action.program]))]
  return {
    filter: {
      ifindex,
      kind,
      parent: place,
      priority: info >>> 16,
      protocol: protocolText(protocol),
      actions: actions.map((action) => ({ kind: action.kind, redirectTo: action.redirectTo })),
    },
    programs: programs.map(({ name, id }) => ({ ifindex, attach: `tc/${place}`, id, name })),
  }
}

/** Which attribute of TCA_OPTIONS holds the actions (TCA_U32_ACT … in linux/pkt_cls.h). */
const actionAttribute: Readonly<Record<string, number>> = {
  basic: 3,
  bpf: 1,
  cgroup: 1,
  flow: 9,
  flower: 3,
  fw: 4,
  matchall: 2,
  route: 6,
  u32: 7,
}

const action = attributes(10)
const actionOptions = attributes(10)
const TCA_ACT_KIND = 1
const TCA_ACT_OPTIONS = 2
const TCA_MIRRED_PARMS = 2
const TCA_ACT_BPF_NAME = 6
const TCA_ACT_BPF_ID = 9

type Action = {
  readonly kind: string
  readonly redirectTo: number | null
  readonly program: { readonly name: string | null; readonly id: number | null } | null
}

/** A list whose attribute types are only the actions' order. */
function actionsOf(kind: string, bytes: Bytes): readonly Action[] {
  const type = actionAttribute[kind]
  const start = type === undefined ? 0 : offsetOf(options, type)
  if (type === undefined || start === 0) return []
  const end = start + lengthOf(options, type)
  const actions: Action[] = []
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    walk(bytes, at + 4, attributeEnd(bytes, at), action)
    walkNested(bytes, action, TCA_ACT_OPTIONS, actionOptions)
    actions.push(parseAction(text(bytes, action, TCA_ACT_KIND) ?? '', bytes))
    at += step
  }
  return actions
}

function parseAction(kind: string, bytes: Bytes): Action {
  if (kind === 'mirred') {
    // struct tc_mirred: tc_gen (20 bytes), eaction, ifindex (linux/tc_act/tc_mirred.h)
    const at = payload(bytes, actionOptions, TCA_MIRRED_PARMS, 28)
    return { kind, redirectTo: at === 0 ? null : bytes.view.getUint32(at + 24, true), program: null }
  }
  if (kind !== 'bpf') return { kind, redirectTo: null, program: null }
  const program = {
    name: text(bytes, actionOptions, TCA_ACT_BPF_NAME),
    id: u32(bytes, actionOptions, TCA_ACT_BPF_ID),
  }
  // Without an id it is a classic BPF filter, which is a program all the same.
  return { kind, redirectTo: null, program }
}
