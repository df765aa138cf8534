/**
 * A name as a program in the namespace finds it: files first where it looks there first, then the servers of its
 * resolv.conf. All servers are asked, because which one is broken is what people want to see; the first that knows decides,
 * as it does for a program.
 */
import { domainToASCII } from 'node:url'
import { dnsRemarks, viewOf } from '../../derive/probe/dns-remarks.ts'
import { answerLine, serverLines } from '../../derive/probe/dns-lines.ts'
import { namePlan, type NamePlan } from '../../derive/probe/name-plan.ts'
import { nameServer, type NameServer } from '../../derive/probe/resolv-conf.ts'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { DnsRequest } from '../../model/probe.ts'
import type { DnsAnswer, DnsResult, DnsServer } from '../../model/probe-result.ts'
import type { ProbeContext, Runner } from '../context.ts'
import type { Sockets } from '../socket/sockets.ts'
import { whileThere } from '../socket/while-there.ts'
import { askServer } from './ask-server.ts'

export const runDns: Runner<'dns'> = async (request, context) => {
  const plan = namePlan(request.resolver, asciiName(request.name), request.type)
  const { order } = plan
  const wantsFiles = request.server === null && order.files !== 'never'
  if (wantsFiles && order.files === 'before' && plan.files.length > 0) {
    return succeeded(fromFiles(request, plan.files, hostsRemarks(plan, request), context))
  }
  if (request.server === null && plan.always.length > 0) {
    const remark =
      'localhost is not in /etc/hosts: it is the loopback address everywhere (RFC 6761), no server was asked'
    return succeeded(fromFiles(request, plan.always, [remark], context))
  }
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const { value: servers, gone } = await whileThere(sockets.value, request.place, context, (within) =>
    askAll(sockets.value, plan, request, within),
  )
  if (gone !== null) return failed(gone)
  if (!servers.ok) return servers
  const result = fromServers(request, plan, servers.value)
  if (!result.ok && wantsFiles && order.files === 'after' && plan.files.length > 0) {
    return succeeded({
      ...fromFiles(request, plan.files, result.remarks, context),
      servers: result.servers,
    })
  }
  tell(context, result.remarks)
  return succeeded(result)
}

/** The form that servers know it by (IDNA); one that has none is asked for as it is. */
export function asciiName(name: string): string {
  return /^[\x00-\x7f]*$/.test(name) ? name : domainToASCII(name) || name
}

async function askAll(
  sockets: Sockets,
  plan: NamePlan,
  request: DnsRequest,
  context: ProbeContext,
): Promise<Outcome<readonly DnsServer[]>> {
  const chosen = request.server === null ? null : nameServer(request.server)
  if (request.server !== null && chosen === null) {
    return failed({
      kind: 'usage',
      what: `"${sanitise(request.server)}" is not the address of a server`,
      subject: request.server,
    })
  }
  const { conf, names, types } = plan
  const asked: readonly NameServer[] = chosen === null ? conf.servers : [chosen]
  const attemptMs = Math.min(conf.timeoutMs, Math.ceil(request.timeoutMs / conf.attempts))
  const outcomes = await Promise.all(
    asked.map(async (server) => {
      const { attempts } = conf
      const { signal } = context
      const ask = { sockets, place: request.place, server, attempts, attemptMs, signal }
      const outcome = await askServer(ask, names, types)
      if (outcome.ok) tellServer(context, outcome.value)
      return outcome
    }),
  )
  const servers: DnsServer[] = []
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome
    servers.push(outcome.value)
  }
  return succeeded(servers)
}

function fromServers(request: DnsRequest, plan: NamePlan, servers: readonly DnsServer[]): DnsResult {
  const view = viewOf(servers) ?? servers[0]
  const answers = view?.answers ?? []
  return {
    kind: 'dns',
    ok: view?.status === 'NOERROR' && answers.some(({ type }) => plan.types.some((each) => each === type)),
    netns: request.place.netns,
    name: request.name,
    status: view?.status ?? 'timeout',
    from: 'dns',
    servers,
    answers,
    remarks: dnsRemarks(request.server === null ? plan : withoutFiles(plan), servers),
  }
}

/** Where a server was named, what the files say of others does not matter. */
function withoutFiles(plan: NamePlan): NamePlan {
  return {
    ...plan,
    conf: { ...plan.conf, rotate: false, remarks: [] },
    order: { ...plan.order, remarks: [] },
  }
}

function fromFiles(
  { place, name }: DnsRequest,
  answers: readonly DnsAnswer[],
  remarks: readonly string[],
  context: ProbeContext,
): DnsResult {
  for (const answer of answers) {
    context.emit({ type: 'line', at: Date.now(), text: sanitise(answerLine(answer).trim()), tone: 'good' })
  }
  tell(context, remarks)
  return {
    kind: 'dns',
    ok: true,
    netns: place.netns,
    name,
    status: 'NOERROR',
    from: 'hosts',
    servers: [],
    answers,
    remarks,
  }
}

function hostsRemarks({ order }: NamePlan, { resolver }: DnsRequest): readonly string[] {
  const where = resolver.from === '' ? '' : ` (${sanitise(resolver.from)})`
  return [...order.remarks, `hosts answered${where}: no server was asked; --server asks one`]
}

function tellServer({ emit }: ProbeContext, server: DnsServer): void {
  const tone = server.status === 'NOERROR' && server.answers.length > 0 ? 'good' : 'bad'
  for (const [at, text] of serverLines(server).entries()) {
    emit({ type: 'line', at: Date.now(), text: sanitise(text), tone: at === 0 ? tone : 'plain' })
  }
}

function tell({ emit }: ProbeContext, remarks: readonly string[]): void {
  for (const text of remarks) emit({ type: 'line', at: Date.now(), text, tone: 'note' })
}
