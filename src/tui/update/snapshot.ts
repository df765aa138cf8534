import { fileTime } from '../select/clock.ts'
import type { State } from '../state.ts'
import { saying, type Step } from './step.ts'

/** Into the working directory; the worker reads everything, also what the screen does not show, and writes it. */
export function snapshotAsked(state: State): Step {
  const id = state.asked.snapshots + 1
  const host = (state.feed.world?.hostName ?? 'host').replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[.-]+/, '')
  const file = `vethscope-${host === '' ? 'host' : host.slice(0, 64)}-${fileTime(state.now)}.json.gz`
  const next = saying({ ...state, asked: { ...state.asked, snapshots: id } }, 'note', `saving ${file} …`)
  return [next, { type: 'snapshot', id, file, changes: state.feed.changes }]
}

export function canSnapshot(state: State): true | string {
  if (state.options.mode === 'replay') return 'this is a file already'
  if (state.feed.world === null) return 'nothing has been read yet'
  return state.feed.status.type === 'lost' ? 'the reader is gone, so there is nobody to save it' : true
}
