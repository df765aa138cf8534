/** What `y` and `Y` copy of a probe. */
import type { ProbeRequest } from '../../model/probe.ts'
import { hostCommand, vethscopeLine } from '../probes/host-command.ts'
import type { ProbeRow } from '../probes/probe-row.ts'
import type { About } from '../screens/about.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'

export function aboutProbe({ run, status }: ProbeRow, state: State): About {
  const address = addressOf(run.request)
  return {
    label: `${run.from.name} ${run.what}`,
    netns: run.from.id,
    ifindex: null,
    container: null,
    command: hostCommand(run, shown(state).world),
    values: [
      ...(address === null ? [] : [{ what: 'address', text: address }]),
      { what: 'verdict', text: status.says },
      { what: 'command', text: vethscopeLine(run) },
    ],
  }
}

function addressOf(request: ProbeRequest): string | null {
  if (!('target' in request)) return request.kind === 'listen' ? request.address : null
  return 'address' in request.target ? request.target.address : null
}
