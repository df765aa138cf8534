/**
 * The loop of the screen: a message comes in, `update` makes the next state and says what to do, `draw` is asked
 * for when the state is another. The one place where the effects of msg.ts happen.
 */
import type { ChangeAnswer, ChangeFailure, ChangeTold } from './changing/change-state.ts'
import type { Effect, Msg } from './msg.ts'
import type { Need, ToWorker } from '../collect/protocol.ts'
import { failed, type Outcome } from '../lib/failure.ts'
import type { ProbeEvent, ProbeOrder, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { KeptShells } from './shell/keep-shells.ts'

export type RuntimeOptions<State> = {
  readonly state: State
  readonly update: (state: State, msg: Msg) => readonly [State, ...Effect[]]
  /** The state changed. `urgent`: somebody waits for the answer. */
  changed(state: State, urgent: boolean): void
  post(message: ToWorker): void
  restartWorker(): void
  /** The terminal shows something else: everything once more. */
  redraw(): void
  /** Runs this program with these arguments; `ended` is called once. Answers with what ends it. */
  run(argv: readonly string[], ended: (outcome: RunOutcome) => void): () => void
  /** Writes a new file of that name, or one like it; tells which, or why not. Never fails otherwise. */
  saveText?(file: string, text: string): Promise<Outcome<{ readonly file: string }>>
  /** Starts a probe; `told` and then once `ended` are called. Absent: nothing can be probed from here. */
  probe?(
    request: ProbeRequest,
    told: (events: readonly ProbeEvent[]) => void,
    ended: (outcome: Outcome<ProbeResult>) => void,
  ): ProbeHandle
  /** Changes of the host. Absent: none can be made from here. */
  readonly changes?: Changes
  /** Shells inside namespaces. Absent: none can be opened from here, and none is asked for. */
  readonly shells?: Pick<KeptShells, 'order' | 'focus'>
  copy(text: string): void
  theme(name: string): void
  mouse(on: boolean): void
  suspend(): void
  quit(exitCode: number): void
  readonly now: () => number
}

export type ProbeHandle = { readonly stop: () => void; readonly order: (order: ProbeOrder) => void }

/** By this program once more, beside the screen; the screen itself changes nothing. */
export type Changes = {
  /** Answers with what ends it; then `ended` is not called. */
  plan(argv: readonly string[], ended: (answer: ChangeAnswer) => void): () => void
  make(argv: readonly string[], told: (told: ChangeTold) => void, ended: (answer: ChangeAnswer) => void): void
  confirm(argv: readonly string[], ended: (failure: ChangeFailure | null) => void): void
}

export type RunOutcome = {
  readonly exitCode: number | null
  /** Why there is no exit code. */
  readonly problem: string | null
  /** Of both streams. */
  readonly output: string
}

export type Runtime = {
  dispatch(msg: Msg, urgent?: boolean): void
  /** What came at once is shown at once: with one drawing. */
  dispatchAll(msgs: readonly Msg[], urgent?: boolean): void
  /** Messages and clocks that come later change nothing. */
  stop(): void
}

/**
 * What is needed is told when the keys have rested for so long: who holds a key down passes by a row every 30 ms, and
 * the details of a namespace with a thousand links take the worker, and the kernel's one lock, longer than that.
 */
const needRestsMs = 80

/** After the last key: a plan reads the host once more. */
const planRestsMs = 150

const windows: readonly Need['kind'][] = ['rules', 'connections']

const isWindow = (needs: readonly Need[]): boolean =>
  needs.length > 0 && needs.every(({ kind }) => windows.includes(kind))

const noProber = { kind: 'refused', what: 'nothing can be probed from here' } as const

const noChanger = {
  ok: false,
  failure: { what: 'nothing can be changed from here', hint: null, others: [] },
} as const

export function runtime<State>(options: RuntimeOptions<State>): Runtime {
  let { state } = options
  let stopped = false
  let busy = false
  let urgentSince = false
  let running: { readonly id: number; readonly end: () => void } | null = null
  const queue: Msg[] = []
  const probes = new Map<number, ProbeHandle>()
  let need: NodeJS.Timeout | undefined
  let planTimer: NodeJS.Timeout | undefined
  let planning: (() => void) | null = null
  let clock: { readonly at: number; readonly timer: NodeJS.Timeout } | null = null

  const perform = (effect: Effect) => {
    switch (effect.type) {
      case 'need':
        clearTimeout(need)
        // Such rows are cut from what the worker holds already, and somebody is scrolling through them.
        if (isWindow(effect.needs)) return options.post(effect)
        need = setTimeout(() => options.post(effect), needRestsMs)
        return
      case 'resend':
      case 'snapshot':
      case 'cancel-snapshot':
        return options.post(effect)
      case 'save-text':
        void saveText(effect.file, effect.text)
        return
      case 'restart-worker':
        return options.restartWorker()
      case 'run': {
        const { id } = effect
        running?.end()
        const end = options.run(effect.argv, (outcome) => {
          if (running?.id === id) running = null
          dispatch({ type: 'ran', id, ...outcome, now: options.now() }, true)
        })
        running = { id, end }
        return
      }
      case 'end-run':
        if (running?.id === effect.id) running.end()
        return
      case 'probe':
        return probe(effect.number, effect.request)
      case 'end-probe':
        return probes.get(effect.number)?.stop()
      case 'order-probe':
        return probes.get(effect.number)?.order(effect.order)
      case 'plan-change':
        return plan(effect.id, effect.argv)
      case 'end-plan':
        return endPlan()
      case 'make-change':
        return make(effect.id, effect.argv)
      case 'confirm-change':
        return confirm(effect.id, effect.argv)
      case 'shell':
        return options.shells?.order(effect.number, effect.order)
      case 'shell-focus':
        return options.shells?.focus(effect.keys, effect.shown)
      case 'copy':
        return options.copy(effect.text)
      case 'theme':
        return options.theme(effect.name)
      case 'mouse':
        return options.mouse(effect.on)
      case 'redraw':
        return options.redraw()
      case 'wake':
        return wake(effect.afterMs)
      case 'suspend':
        return options.suspend()
      case 'quit':
        return options.quit(effect.exitCode)
      default:
        return effect satisfies never
    }
  }

  const probe = (number: number, request: ProbeRequest): void => {
    const ended = (outcome: Outcome<ProbeResult>): void => {
      probes.delete(number)
      dispatch({ type: 'probe-ended', number, outcome, now: options.now() }, true)
    }
    if (options.probe === undefined) return ended(failed(noProber))
    const told = (events: readonly ProbeEvent[]) => dispatch({ type: 'probe-told', number, events })
    probes.set(number, options.probe(request, told, ended))
  }

  const endPlan = (): void => {
    clearTimeout(planTimer)
    planning?.()
    planning = null
  }

  /** When the keys have rested: each plan is a process of its own. */
  const plan = (id: number, argv: readonly string[]): void => {
    endPlan()
    const answer = (given: ChangeAnswer): void =>
      dispatch({ type: 'change-planned', id, answer: given }, true)
    const { changes } = options
    if (changes === undefined) return answer(noChanger)
    planTimer = setTimeout(() => {
      planning = changes.plan(argv, answer)
    }, planRestsMs)
  }

  /** Nothing ends it from here: what is half done would only have to be taken back. */
  const make = (id: number, argv: readonly string[]): void => {
    const ended = (answer: ChangeAnswer): void =>
      dispatch({ type: 'change-ended', id, answer, now: options.now() }, true)
    if (options.changes === undefined) return ended(noChanger)
    const made = (answer: ChangeAnswer): void => {
      options.post({ type: 'host-changed' })
      ended(answer)
    }
    options.changes.make(argv, (told) => dispatch({ type: 'change-told', id, told }, true), made)
  }

  const confirm = (id: number, argv: readonly string[]): void => {
    const ended = (failure: ChangeFailure | null): void =>
      dispatch({ type: 'change-confirmed', id, failure }, true)
    if (options.changes === undefined) return ended(noChanger.failure)
    options.changes.confirm(argv, ended)
  }

  const saveText = async (file: string, text: string): Promise<void> => {
    const outcome = await options.saveText?.(file, text)
    if (outcome !== undefined) dispatch({ type: 'text-saved', outcome }, true)
  }

  /** One clock at a time, the earliest asked for: its message says the time, and `update` asks for the next. */
  const wake = (afterMs: number) => {
    const at = options.now() + afterMs
    if (clock !== null) {
      if (clock.at <= at) return
      clearTimeout(clock.timer)
    }
    const timer = setTimeout(() => {
      clock = null
      dispatch({ type: 'clock', now: options.now() })
    }, afterMs)
    clock = { at, timer }
  }

  const dispatch = (msg: Msg, urgent = false) => dispatchAll([msg], urgent)
  const dispatchAll = (msgs: readonly Msg[], urgent = false) => {
    if (stopped) return
    queue.push(...msgs)
    urgentSince ||= urgent
    // An effect may answer at once: its message waits until this one is done.
    if (busy) return
    busy = true
    const before = state
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [after, ...effects] = options.update(state, next)
        state = after
        for (const effect of effects) perform(effect)
      }
    } finally {
      busy = false
    }
    const answer = urgentSince
    urgentSince = false
    if (state !== before && !stopped) options.changed(state, answer)
  }

  return {
    dispatch,
    dispatchAll,
    stop: () => {
      stopped = true
      queue.length = 0
      clearTimeout(need)
      if (clock !== null) clearTimeout(clock.timer)
      running?.end()
      running = null
      endPlan()
      for (const { stop } of probes.values()) stop()
    },
  }
}
