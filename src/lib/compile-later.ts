/**
 * V8's optimising compiler works on threads of its own and takes a third of all processor time while the program
 * starts, for functions that are done before they would run faster: on two cores the reader and the screen then
 * wait for it. So it waits first.
 */
import { setFlagsFromString } from 'node:v8'

/**
 * How many bytes of bytecode run in a function between two looks at whether it is worth optimising. With three times
 * V8's own value half of the compiling is gone; with more the reader itself gets slower.
 */
const patient = 200_000
const usual = 66 * 1024

/** For the whole process, its workers too. Whatever runs longer than `forMs` is compiled as usual from then on. */
export function compileLater(forMs: number): void {
  setFlagsFromString(`--interrupt-budget=${patient}`)
  setTimeout(() => setFlagsFromString(`--interrupt-budget=${usual}`), forMs).unref()
}
