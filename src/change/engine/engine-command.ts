/** What is asked of an engine as a command of a plan: run by this program itself, and the same for curl. */
import type { Command } from '../../model/plan.ts'
import type { Asked } from './dialect.ts'

/** `socket`: the engine's, as the World names it (`Engine.endpoint`). */
export function engineCommand(socket: string, { method, path, body }: Asked): Command {
  const hasBody = body !== undefined && body !== null
  return {
    argv: [
      'curl',
      '-sS',
      '--fail-with-body',
      '--unix-socket',
      socket,
      '-X',
      method,
      ...(hasBody ? ['-H', 'Content-Type: application/json', '--data-binary', '@-'] : []),
      `http://localhost${path}`,
    ],
    ...(hasBody ? { input: `${JSON.stringify(body, null, 2)}\n` } : {}),
    request: { socket, method, path },
  }
}
