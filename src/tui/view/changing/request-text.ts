/** What is asked of an engine, where there is no room for the command line that says the same for curl (change/engine/engine-command.ts). */

export type RequestText = {
  /** `POST /networks/create  to /run/docker.sock` */
  readonly head: string
  /** JSON on one line; null: none is sent. */
  readonly body: string | null
}

/** null: it is another command. `input`: lines of its here-document, with the delimiter. */
export function requestText(command: string, input: readonly string[]): RequestText | null {
  const [, socket, method, path] =
    /^curl -sS --fail-with-body --unix-socket (\S+) -X ([A-Z]+) .*?'?http:\/\/localhost(\/[^\s']*)'?/.exec(
      command,
    ) ?? []
  if (socket === undefined || method === undefined || path === undefined) return null
  return { head: `${method} ${path}  to ${socket}`, body: oneLine(input.slice(0, -1).join('\n')) }
}

function oneLine(text: string): string | null {
  if (text.trim() === '') return null
  try {
    return JSON.stringify(said(JSON.parse(text)), null, 1).replaceAll(/\n\s*/g, ' ')
  } catch {
    return text
  }
}

/** Without what says nothing: Docker's client sends every field. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const inner = said(each)
      return isNothing(inner) ? [] : [[key, inner]]
    }),
  )
}

function isNothing(value: unknown): boolean {
  if (value === null || value === '' || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
