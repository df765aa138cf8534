/** A worker that ends without an error that could be caught, having said why. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  process.stderr.write('warning\nkoffi: cannot load\n\n', () => process.exit(3))
})
