/**
 * The address behind what was asked for: a name that the World did not know is resolved as a program there would: files,
 * then one server after the other until one knows.
 */
import { namePlan, type NamePlan } from '../../derive/probe/name-plan.ts'
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { DnsType, Place, Sought, SoughtName, Target } from '../../model/probe.ts'
import type { DnsAnswer, DnsServer } from '../../model/probe-result.ts'
import type { ProbeContext } from '../context.ts'
import type { Sockets } from '../socket/sockets.ts'
import { whileThere } from '../socket/while-there.ts'
import { askServer } from './ask-server.ts'
import { asciiName } from './run-dns.ts'

/** All servers together; what a resolv.conf asks for may be minutes. */
const mostMs = 10_000

export async function foundTarget(
  place: Place,
  sought: Sought,
  context: ProbeContext,
): Promise<Outcome<Target>> {
  if ('address' in sought) return succeeded(sought)
  const { resolver, family } = sought
  const type: DnsType | null = family === null ? null : family === 4 ? 'A' : 'AAAA'
  const plan = namePlan(resolver, asciiName(sought.text), type)
  const { files, always, order } = plan
  const inFiles = order.files === 'never' ? null : targetIn(sought, files, '/etc/hosts')
  if (inFiles !== null && order.files === 'before') return succeeded(inFiles)
  const loopback = targetIn(sought, always, 'localhost')
  if (loopback !== null) return succeeded(loopback)
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const { value: turns, gone } = await whileThere(sockets.value, place, context, (within) =>
    askInTurn(sockets.value, place, sought, plan, within),
  )
  if (gone !== null) return failed(gone)
  if (!turns.ok) return turns
  const target = turns.value.target ?? inFiles
  return target === null ? failed(cannotResolve(sought, turns.value.asked)) : succeeded(target)
}

type Turns = {
  readonly target: Target | null
  /** Those that had no address of it. */
  readonly asked: readonly DnsServer[]
}

async function askInTurn(
  sockets: Sockets,
  place: Place,
  sought: SoughtName,
  { conf, names, types }: NamePlan,
  { signal }: ProbeContext,
): Promise<Outcome<Turns>> {
  const asked: DnsServer[] = []
  const { attempts } = conf
  const until = performance.now() + mostMs
  for (const server of conf.servers) {
    const left = until - performance.now()
    if (left <= 0 || signal.aborted) break
    const attemptMs = Math.min(conf.timeoutMs, Math.ceil(left / attempts))
    const answer = await askServer({ sockets, place, server, attempts, attemptMs, signal }, names, types)
    if (!answer.ok) return answer
    const target = targetIn(sought, answer.value.answers, `name server ${server.text}`)
    if (target !== null) return succeeded({ target, asked })
    asked.push(answer.value)
    if (answer.value.status === 'NXDOMAIN' || answer.value.status === 'NOERROR') break
  }
  return succeeded({ target: null, asked })
}

/** IPv4 first where both will do. */
function targetIn({ text, family }: SoughtName, answers: readonly DnsAnswer[], from: string): Target | null {
  for (const each of [4, 6] as const) {
    if (family !== null && family !== each) continue
    const found = answers.find(({ type }) => type === (each === 4 ? 'A' : 'AAAA'))
    if (found !== undefined) return { text, address: found.value, family: each, from }
  }
  return null
}

function cannotResolve({ text, resolver }: SoughtName, asked: readonly DnsServer[]): Failure {
  const said = asked.map(({ address, status, says, asked: name }) => {
    const what =
      status === 'NOERROR' ? 'has no address of it' : status === 'timeout' ? 'is silent' : `says ${status}`
    const why = status === 'unreachable' ? `cannot be asked: ${says ?? 'unreachable'}` : what
    return `${address} ${why}${name === '' || name === text ? '' : ` (asked for ${name})`}`
  })
  const where = resolver.from === '' ? 'resolv.conf' : resolver.from
  return {
    kind: 'not-found',
    what: `cannot resolve "${sanitise(text)}": ${said.length === 0 ? 'stopped before a server answered' : sanitise(said.join('; '))}`,
    subject: text,
    hint: `it was looked up as a program there would, by the files of ${sanitise(where)}; "vethscope dns" shows each server`,
  }
}
