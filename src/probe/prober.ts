/**
 * What probes, as the program has it: one helper process for all probes. A user who is not root gets into containers of his
 * own only as part of their user namespace, and no running process with threads can go there: for such a place a helper is
 * started inside, and ends when nothing runs in it, because it holds on to that place.
 */
import { readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { debug } from '../lib/debug-log.ts'
import type { Outcome } from '../lib/failure.ts'
import type { Place, ProbeKind, ProbeOrder, ProbeRequest, RequestOf } from '../model/probe.ts'
import type { ResultOf } from '../model/probe-result.ts'
import { openHelper, type Helper, type OnEvents } from './helper.ts'
import { enterUserNamespace } from './launch/inside-argv.ts'

export type Probing<K extends ProbeKind = ProbeKind> = {
  readonly ended: Promise<Outcome<ResultOf<K>>>
  readonly order: (order: ProbeOrder) => void
  /** It ends soon; its result tells what it came to until then. */
  readonly stop: () => void
}

export type Prober = {
  probe<K extends ProbeKind>(request: RequestOf<K>, onEvents: OnEvents): Probing<K>
  /** Ends all that runs and the helper. */
  close(): Promise<void>
}

/** `file`: the helper's program, `dist/prober.js`. */
export function openProber(file: URL): Prober {
  const program = [process.execPath, fileURLToPath(file)] as const
  const own = openHelper(program)
  const others = new Map<string, Helper>()
  let last = 0

  const helperFor = (pid: number, place: Place): Helper => {
    const key = `${userNamespaceOf(pid)} ${place.netns.id}`
    const known = others.get(key)
    if (known !== undefined) return known
    const helper = openHelper([...enterUserNamespace(pid), ...program])
    others.set(key, helper)
    return helper
  }
  const closeIdle = async (helper: Helper): Promise<void> => {
    if (!helper.isIdle()) return
    for (const [key, other] of others) if (other === helper) others.delete(key)
    await helper.close()
  }
  const probeAs = (id: number, request: ProbeRequest, onEvents: OnEvents) => {
    const abroad = placeAbroad(request)
    if (abroad === null) return own.run(id, request, onEvents)
    const helper = helperFor(abroad.pid, abroad.place)
    const probing = helper.run(id, atHome(request), onEvents)
    void probing.ended.then(() => closeIdle(helper))
    return probing
  }

  return {
    probe: <K extends ProbeKind>(request: RequestOf<K>, onEvents: OnEvents): Probing<K> => {
      const id = (last += 1)
      debug('probe', `${id} ${request.kind}`)
      // The helper answers a request of a kind with that kind's result.
      return probeAs(id, request, onEvents) as unknown as Probing<K>
    },
    close: async () => {
      await Promise.all([own, ...others.values()].map((helper) => helper.close()))
    },
  }
}

/** Where the probe starts, if who is asked cannot enter it from here. Members of a matrix are in one user namespace. */
function placeAbroad(request: ProbeRequest): { readonly place: Place; readonly pid: number } | null {
  if (process.geteuid?.() === 0) return null
  const places = request.kind === 'matrix' ? request.members.map(({ place }) => place) : [request.place]
  for (const place of places) if (place.user !== null) return { place, pid: place.user.pid }
  return null
}

/** For the helper inside, places of its user namespace are like any other. */
function atHome(request: ProbeRequest): ProbeRequest {
  const inside = (place: Place): Place => ({ ...place, user: null })
  const here = { ...request, place: inside(request.place) }
  if (here.kind !== 'matrix') return here
  return { ...here, members: here.members.map((member) => ({ ...member, place: inside(member.place) })) }
}

function userNamespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/user`)
  } catch {
    // It is gone, or another user's: starting the helper says so.
    return `pid ${pid}`
  }
}
