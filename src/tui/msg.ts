/** Everything that can happen to the screen, and everything it can ask for. Both unions are closed. */
import type { FromWorker, Need } from '../collect/protocol.ts'
import type { Outcome } from '../lib/failure.ts'
import type { LogEntry } from '../model/log-entry.ts'
import type { ProbeEvent, ProbeOrder, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { Change } from '../model/world.ts'
import type { ChangeAnswer, ChangeFailure, ChangeTold } from './changing/change-state.ts'
import type { Size } from './frame.ts'
import type { ShellOrder } from './shell/shell-order.ts'
import type { ShellEnd, ShellScreen } from './shell/shells-state.ts'

/**
 * A key by name: a printable character as itself (`p`, `P`, `/`, `ä`), others as `enter`, `escape`, `tab`,
 * `backspace`, `delete`, `insert`, `up`, `down`, `left`, `right`, `home`, `end`, `pageup`, `pagedown`, `f1`…`f12`,
 * `space`; with modifiers in front as `C-`, `M-`, `S-` (`C-c`, `S-tab`).
 */
export type Key = string

/** `double`: the second click at the same place. Row and column count from 0. */
export type MouseInput = {
  readonly event: 'click' | 'double' | 'wheel-up' | 'wheel-down'
  readonly row: number
  readonly column: number
}

export type Msg =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'mouse'; readonly mouse: MouseInput }
  | { readonly type: 'resize'; readonly size: Size }
  | { readonly type: 'worker'; readonly message: FromWorker; readonly now: number }
  /** The worker ended without being asked to. */
  | { readonly type: 'worker-gone'; readonly reason: string; readonly now: number }
  | {
      readonly type: 'ran'
      readonly id: number
      readonly exitCode: number | null
      readonly problem: string | null
      readonly output: string
      readonly now: number
    }
  | { readonly type: 'text-saved'; readonly outcome: Outcome<{ readonly file: string }> }
  | { readonly type: 'probe-told'; readonly number: number; readonly events: readonly ProbeEvent[] }
  | {
      readonly type: 'probe-ended'
      readonly number: number
      readonly outcome: Outcome<ProbeResult>
      readonly now: number
    }
  | { readonly type: 'shell-screen'; readonly number: number; readonly screen: ShellScreen }
  /** `unavailable`: why no other one can be opened either; null: another may be. */
  | {
      readonly type: 'shell-ended'
      readonly number: number
      readonly end: ShellEnd
      readonly unavailable: string | null
      readonly now: number
    }
  /** What a form's command line would do. */
  | { readonly type: 'change-planned'; readonly id: number; readonly answer: ChangeAnswer }
  | { readonly type: 'change-told'; readonly id: number; readonly told: ChangeTold }
  | {
      readonly type: 'change-ended'
      readonly id: number
      readonly answer: ChangeAnswer
      readonly now: number
    }
  /** null: it is kept. */
  | { readonly type: 'change-confirmed'; readonly id: number; readonly failure: ChangeFailure | null }
  | { readonly type: 'clock'; readonly now: number }
  | { readonly type: 'resumed' }

export type Effect =
  | { readonly type: 'need'; readonly needs: readonly Need[]; readonly generation: number }
  | { readonly type: 'resend' }
  | { readonly type: 'restart-worker' }
  | {
      readonly type: 'snapshot'
      readonly id: number
      readonly file: string
      readonly changes: readonly Change[]
      readonly log: readonly LogEntry[]
    }
  /** The snapshot on its way is not wanted any more. */
  | { readonly type: 'cancel-snapshot' }
  /** Writes a new file of that name, or one like it, into the working directory; a `text-saved` message answers. */
  | { readonly type: 'save-text'; readonly file: string; readonly text: string }
  /** Runs vethscope itself with these arguments; a `ran` message answers. */
  | { readonly type: 'run'; readonly id: number; readonly argv: readonly string[] }
  /** Ends what runs, if it does. */
  | { readonly type: 'end-run'; readonly id: number }
  /** `probe-told` and a `probe-ended` message answer. */
  | { readonly type: 'probe'; readonly number: number; readonly request: ProbeRequest }
  | { readonly type: 'end-probe'; readonly number: number }
  | { readonly type: 'order-probe'; readonly number: number; readonly order: ProbeOrder }
  /** What would that command line do? The one asked before is not wanted any more; `change-planned` answers. */
  | { readonly type: 'plan-change'; readonly id: number; readonly argv: readonly string[] }
  | { readonly type: 'end-plan' }
  /** Changes the host. `change-told` and a `change-ended` message answer. */
  | { readonly type: 'make-change'; readonly id: number; readonly argv: readonly string[] }
  /** Keeps a change that waits for it; `change-confirmed` answers. */
  | { readonly type: 'confirm-change'; readonly id: number; readonly argv: readonly string[] }
  | { readonly type: 'shell'; readonly number: number; readonly order: ShellOrder }
  /** Whose keys they are from now on, null: the screen's; and which shell is in sight. */
  | { readonly type: 'shell-focus'; readonly keys: number | null; readonly shown: number | null }
  /** Wake up with a `clock` message after this many milliseconds. */
  | { readonly type: 'wake'; readonly afterMs: number }
  /** Into the clipboard of whoever sits at the terminal. */
  | { readonly type: 'copy'; readonly text: string }
  /** Draws with another theme from now on. */
  | { readonly type: 'theme'; readonly name: string }
  | { readonly type: 'mouse'; readonly on: boolean }
  /** Paint every cell again, whatever the terminal shows now. */
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  | { readonly type: 'quit'; readonly exitCode: number }
