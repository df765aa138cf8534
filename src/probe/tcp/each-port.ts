import { succeeded, type Outcome } from '../../lib/failure.ts'
import { atOnce } from './at-once.ts'

/** Sockets that are open at the same time. */
const mostAtOnce = 64

/**
 * What came of each port, in their order. `tryPort`: null where it was stopped before it came to anything. Fails where one
 * could not be tried and nothing came of the others; no more are begun after it.
 */
export async function eachPort<T>(
  ports: readonly number[],
  signal: AbortSignal,
  tryPort: (port: number) => Promise<Outcome<T | null>>,
): Promise<Outcome<readonly T[]>> {
  let refused: Outcome<never> | null = null
  const tried = await atOnce(ports, mostAtOnce, signal, async (port): Promise<readonly T[]> => {
    if (refused !== null) return []
    const one = await tryPort(port)
    if (!one.ok) refused = one
    return one.ok && one.value !== null ? [one.value] : []
  })
  const came = tried.flat()
  return refused !== null && came.length === 0 ? refused : succeeded(came)
}
