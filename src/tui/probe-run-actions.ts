/** What can be done with the probes of screen 6. A part of the table in actions.ts. */
import type { State } from './state.ts'
import {
  canCompare,
  canEditProbe,
  canProbeAgain,
  canRepeat,
  canSaveProbe,
  canStopProbe,
  compareOpened,
  probeEdited,
  probedAgain,
  probeSaved,
  probesStopped,
  repeatTurned,
} from './update/probe-keys.ts'
import type { Step } from './update/step.ts'

function own(
  title: string,
  footer: string | ((state: State) => string),
  enabled: (state: State) => true | string,
  run: (state: State) => Step,
) {
  return { title, group: 'probes', footer, enabled, run } as const
}

export const probeRunActions = {
  'probe-stop': own('stop it, or all that are marked', 'stop', canStopProbe, probesStopped),
  'probe-again': own('the same probe again', 'again', canProbeAgain, probedAgain),
  'probe-repeat': own(
    'the same again 1 s after each end, until it is stopped',
    'every 1 s',
    canRepeat,
    repeatTurned,
  ),
  'probe-edit': own('ask for it otherwise', 'edit', canEditProbe, probeEdited),
  'probe-save': own(
    'save here: a running capture as pcapng, else what it told',
    'save',
    canSaveProbe,
    probeSaved,
  ),
  'probe-compare': own('compare with the one before of its kind', 'compare', canCompare, (state) => [
    compareOpened(state),
  ]),
} as const
