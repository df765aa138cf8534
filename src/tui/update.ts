/** What each message does to the state; pure. Everything that has consequences elsewhere is in update/settle.ts. */
import type { Effect, Msg } from './msg.ts'
import type { State } from './state.ts'
import { changeConfirmed, changeEnded, changePlanned, changeTold } from './update/change-runs.ts'
import { pressed, pasted } from './update/keys.ts'
import { moused } from './update/mouse.ts'
import { textSaved } from './update/log-export.ts'
import { probeEnded, probesRepeated, probeTold } from './update/probes.ts'
import { runEnded } from './update/run.ts'
import { settle } from './update/settle.ts'
import { shellEnded, shellShown } from './update/shells.ts'
import type { Step } from './update/step.ts'
import { received, workerGone } from './update/worker.ts'

/** The new state, and what the runtime has to do. */
export function update(state: State, msg: Msg): readonly [State, ...Effect[]] {
  return settle(state, handled(state, msg), msg)
}

function handled(state: State, msg: Msg): Step {
  switch (msg.type) {
    case 'key':
      return pressed(state, msg.key)
    case 'mouse':
      return moused(state, msg.mouse)
    case 'paste':
      return pasted(state, msg.text)
    case 'resize':
      return [{ ...state, size: msg.size }]
    case 'worker':
      return received(state, msg.message, msg.now)
    case 'worker-gone':
      return workerGone({ ...state, now: msg.now }, msg.reason)
    case 'ran':
      return [runEnded({ ...state, now: msg.now }, msg)]
    case 'text-saved':
      return [textSaved(state, msg.outcome)]
    case 'probe-told':
      return [probeTold(state, msg.number, msg.events)]
    case 'probe-ended':
      return [probeEnded({ ...state, now: msg.now }, msg.number, msg.outcome)]
    case 'shell-screen':
      return [shellShown(state, msg.number, msg.screen)]
    case 'shell-ended':
      return [shellEnded({ ...state, now: msg.now }, msg.number, msg.end, msg.unavailable)]
    case 'change-planned':
      return [changePlanned(state, msg.id, msg.answer)]
    case 'change-told':
      return [changeTold(state, msg.id, msg.told)]
    case 'change-ended':
      return [changeEnded({ ...state, now: msg.now }, msg.id, msg.answer)]
    case 'change-confirmed':
      return [changeConfirmed(state, msg.id, msg.failure)]
    case 'clock':
      return probesRepeated({ ...state, now: msg.now, asked: { ...state.asked, wakeAt: null } })
    case 'resumed':
      return [state, { type: 'redraw' }]
    default:
      return msg satisfies never
  }
}
