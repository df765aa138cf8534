/** A worker that hears nothing: it hangs from its start, as one does in a system call that never returns. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
