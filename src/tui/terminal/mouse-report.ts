import type { MouseInput } from '../msg.ts'

/** Button 1 pressed, and the wheel; with a modifier the terminal or the user means something else. */
const events: Readonly<Record<number, MouseInput['event']>> = { 0: 'click', 64: 'wheel-up', 65: 'wheel-down' }

/**
 * `CSI < button ; column ; row M` (xterm's ctlseqs, SGR mouse mode 1006); `m` is a release. null: it is none, or nothing
 * that is listened for.
 */
export function mouseReport(parameters: string, final: string): MouseInput | null {
  const match = /^<(\d{1,3});(\d{1,5});(\d{1,5})$/.exec(parameters)
  if (match === null || final !== 'M') return null
  const [button = 0, column = 0, row = 0] = match.slice(1).map(Number)
  const event = events[button]
  return event === undefined || column < 1 || row < 1 ? null : { event, row: row - 1, column: column - 1 }
}
