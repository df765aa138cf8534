/** That a change is being made, and by whom: whoever reads the lab tells from it that one was not ended (collect/lab). */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import { processStart } from '../../lib/process-start.ts'
import { cannot, writeWhole } from './state-folder.ts'

export function writeRunning(folder: string, id: number): Outcome<void> {
  const file = join(folder, 'running')
  try {
    const started = processStart(process.pid)
    writeWhole(file, `${JSON.stringify({ id, pid: process.pid, started })}\n`)
    return succeeded(undefined)
  } catch (error) {
    return failed(cannot('write', file, error))
  }
}

export function removeRunning(folder: string): void {
  rmSync(join(folder, 'running'), { force: true })
}
