/** All that one server is asked: each full name, one after the other, until one is known. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { DnsType } from '../../model/probe.ts'
import type { DnsServer, DnsStatus } from '../../model/probe-result.ts'
import { askName, type NameAnswer, type ServerAsked } from './ask-name.ts'
import { sameName } from './domain-name.ts'

/** `names`: in their order; `types` are asked for at the same time, as getaddrinfo(3) does. */
export async function askServer(
  ask: ServerAsked,
  names: readonly string[],
  types: readonly DnsType[],
): Promise<Outcome<DnsServer>> {
  const began = performance.now()
  let last: DnsServer | null = null
  for (const name of names) {
    const got: NameAnswer[] = []
    for (const one of await Promise.all(types.map((type) => askName(ask, name, type)))) {
      if (!one.ok) return one
      got.push(one.value)
    }
    const { status, says, answers } = together(got, types)
    const server: DnsServer = {
      address: ask.server.text,
      status,
      ms: Math.round((performance.now() - began) * 1000) / 1000,
      asked: name,
      answers,
      ...(says === null ? {} : { says }),
    }
    if (answers.some(({ type }) => types.some((each) => each === type))) return succeeded(server)
    if (last === null || weightOf(status) >= weightOf(last.status)) last = server
    if (ask.signal.aborted || status === 'timeout' || status === 'unreachable') break
  }
  return succeeded(last ?? { address: ask.server.text, status: 'timeout', ms: 0, asked: '', answers: [] })
}

/** Of several names that were asked for in vain: what tells most. SERVFAIL is not hidden by the next one's NXDOMAIN (res_search(3)). */
function weightOf(status: DnsStatus): number {
  if (status === 'timeout' || status === 'unreachable') return 3
  if (status === 'NOERROR') return 2
  return status === 'NXDOMAIN' ? 0 : 1
}

/** The answers to several types as one; what went wrong with one of them is said. */
function together(got: readonly NameAnswer[], types: readonly DnsType[]): NameAnswer {
  const answers = got
    .flatMap((one) => one.answers)
    // The chain that leads to the name's own name comes with each of them.
    .filter(
      (answer, at, all) =>
        all.findIndex(
          (each) =>
            each.type === answer.type && each.value === answer.value && sameName(each.name, answer.name),
        ) === at,
    )
  const chosen =
    got.find((one) => one.status === 'NOERROR' && one.answers.length > 0) ??
    got.find((one) => !knows(one.status)) ??
    got[0]
  const isSame = got.every((one) => one.status === chosen?.status && one.says === chosen.says)
  const odd = got.flatMap(({ status, says }, at) =>
    says === null && knows(status) ? [] : [`${types[at]}: ${says ?? status}`],
  )
  return {
    status: chosen?.status ?? 'timeout',
    answers,
    says: isSame ? (chosen?.says ?? null) : odd.length === 0 ? null : odd.join('; '),
  }
}

/** It has an answer, if only that there is nothing. */
function knows(status: DnsStatus): boolean {
  return status === 'NOERROR' || status === 'NXDOMAIN'
}
