/** What starts a probe from the selected thing. A part of the table in actions.ts. */
import type { FormKind } from './select/probe-kinds.ts'
import type { State } from './state.ts'
import { canProbe, formOpened, sourceTurned } from './update/probe-form.ts'
import type { Step } from './update/step.ts'

function probe(kind: FormKind, title: string, footer: string | null) {
  return {
    title,
    group: 'thing',
    footer,
    enabled: (state: State): true | string => canProbe(state, kind),
    run: (state: State): Step => [formOpened(state, kind)],
  } as const
}

export const probeActions = {
  ping: probe('ping', 'ping from inside its namespace', 'ping'),
  http: probe('http', 'http: fetch a page from inside its namespace', 'http'),
  tcp: probe('tcp', 'tcp: try a port from inside its namespace', 'tcp'),
  dns: probe('dns', 'dns: resolve a name as a program in there would', 'dns'),
  capture: probe('capture', 'capture packets on its links, or all along their way', 'capture'),
  udp: probe('udp', 'udp: send a datagram from inside its namespace', null),
  traceroute: probe('traceroute', 'traceroute from inside its namespace', null),
  listen: probe('listen', 'listen on a port inside, and tell who comes', null),
  exec: probe('tool', 'run a program of this host inside its namespace', null),
  matrix: probe('matrix', 'matrix: every member of a network against every other', null),
  'probe-from': {
    title: "start in another namespace: the peer's, the host",
    group: 'moving',
    footer: null,
    enabled: (): true => true,
    run: (state: State): Step => [sourceTurned(state)],
  },
} as const
