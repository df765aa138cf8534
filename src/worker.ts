/** The worker thread of the live screen: composition only, like main.ts. */
import { parentPort } from 'node:worker_threads'
import { runWorker } from './collect/worker.ts'
import { writeSnapshot } from './snapshot/write-snapshot.ts'

if (parentPort !== null) runWorker(parentPort, writeSnapshot)
