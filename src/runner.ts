/** Runs the commands of a change, one after the other, for a program that is too large to do it fast (change/apply/runner.ts): composition only. */
import { createInterface } from 'node:readline'
import type { Told, ToRun } from './change/apply/runner.ts'
import { runSmall } from './lib/run-small.ts'

/** As it was handed over. */
const lock = 3

const tell = (told: Told): void => void process.stdout.write(`${JSON.stringify(told)}\n`)
// Who asked is gone: what was begun goes on, and this with it.
process.stdout.on('error', () => {})

for await (const line of createInterface({ input: process.stdin })) {
  // Who starts it is this program, and it says what is to be run.
  const { argv, ...options } = JSON.parse(line) as ToRun
  tell({
    result: await runSmall(argv, { ...options, holding: lock, onStart: () => tell({ started: true }) }),
  })
}
