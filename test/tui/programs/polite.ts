/** A worker that tells what it gets and goes when it is told to. */
import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../../src/collect/protocol.ts'

const tell = (message: FromWorker) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(message)
}
process.stdout.write('printed by the worker')
parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'start') tell({ type: 'progress', done: 1, total: 2 })
  if (message.type !== 'stop') return
  tell({ type: 'stopped' })
  parentPort?.close()
})
