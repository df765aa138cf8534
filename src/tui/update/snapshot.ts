import { fileTime } from '../select/clock.ts'
import type { Saving, State } from '../state.ts'
import { noted } from './log-entries.ts'
import { saying, type Step } from './step.ts'

/** Into the working directory; the worker reads everything, also what the screen does not show, and writes it. */
export function snapshotAsked(state: State): Step {
  const id = state.asked.snapshots + 1
  const { world, changes, log } = state.feed
  const file = `vethscope-${hostInFile(world?.hostName ?? 'host')}-${fileTime(state.now)}.json.gz`
  const saving: Saving = { file, done: 0, total: 0 }
  const next: State = { ...state, saving, asked: { ...state.asked, snapshots: id } }
  return [saying(next, 'note', savingText(saving)), { type: 'snapshot', id, file, changes, log }]
}

/** How far it is; where the footer tells of it, that follows. */
export function snapshotProgressed(state: State, done: number, total: number): State {
  const { saving: before, message } = state
  if (before === null) return state
  const saving: Saving = { ...before, done, total }
  const next: State = { ...state, saving }
  return message?.text === savingText(before) ? saying(next, 'note', savingText(saving)) : next
}

/** Before anything was counted there is no share to tell. */
function savingText({ file, done, total }: Saving): string {
  const share = total === 0 ? '' : ` ${done} of ${total} namespaces`
  return `saving ${file} …${share}  Esc stops it`
}

/** What a host is called, as a part of a file's name. */
export function hostInFile(name: string): string {
  const host = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[.-]+/, '')
  return host === '' ? 'host' : host.slice(0, 64)
}

export function canSnapshot(state: State): true | string {
  if (state.options.mode === 'replay') return 'this is a recording: it is a file already'
  if (state.feed.world === null) return 'nothing has been read yet'
  if (state.saving !== null) return 'one is being saved already; Esc stops it'
  return state.feed.status.type === 'lost' ? 'the reader is gone, so there is nobody to save it' : true
}

/** Esc, where nothing else is open. */
export function snapshotCancelled(state: State): Step {
  const text = 'the snapshot was stopped; nothing was kept'
  return [noted(saying({ ...state, saving: null }, 'note', text), text), { type: 'cancel-snapshot' }]
}
