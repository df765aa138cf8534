/** The worker thread of the live screen: composition only, like main.ts. */
import { parentPort } from 'node:worker_threads'
import { runWorker, type WriteSnapshot } from './collect/worker.ts'

/** Loaded when it is asked for: the first picture waits for this thread, and does not need zlib and streams. */
const writeSnapshot: WriteSnapshot = async (world, file, options) => {
  const snapshot = await import('./snapshot/write-snapshot.ts')
  return snapshot.writeSnapshot(world, file, options)
}

if (parentPort !== null) runWorker(parentPort, writeSnapshot)
