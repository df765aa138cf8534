import { run } from '../../lib/run.ts'
import type { Failure } from '../../lib/failure.ts'
import { which } from '../../lib/which.ts'
import { badFilter, withoutTcpdump } from './start-failure.ts'

/** What tcpdump itself says of a filter, before anything is opened; null: it is good, for Ethernet at least. */
export async function checkFilter(filter: string): Promise<Failure | null> {
  if (which('tcpdump') === null) return withoutTcpdump
  if (filter === '') return null
  const { exitCode, stderr, problem } = await run(['tcpdump', '-n', '-d', '-y', 'EN10MB', '--', filter])
  if (exitCode === 0) return null
  const said = stderr
    .split('\n')
    .find((line) => line.startsWith('tcpdump: '))
    ?.replace(/^tcpdump: /, '')
  return badFilter(filter, said ?? problem ?? stderr.trim())
}
