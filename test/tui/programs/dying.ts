/** A worker that dies of an error as soon as it is started. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  throw new Error('the netlink socket is gone')
})
