/** What an engine's answer to a change tells people. Docker's words (`Id`, `Warning`) and libpod's (`id`, `cause`). Pure. */
import { fieldsOf, textIn, textsIn } from '../../collect/engine/answer.ts'
import { sanitise } from '../../lib/sanitise.ts'

/** As much of an id as engines show, and take for the whole. */
const shortId = 12

/** `id 4f3a21c0d5e6; WARNING …`; null: nothing. */
export function worthKnowing(body: string): string | null {
  const answer = fieldsOf(jsonIn(body))
  const id = textIn(answer['Id']) || textIn(answer['id'])
  const warnings = [textIn(answer['Warning']), ...textsIn(answer['Warnings'])]
  const says = [id === '' ? '' : `id ${id.slice(0, shortId)}`, ...warnings].filter((each) => each !== '')
  return says.length === 0 ? null : says.map(sanitise).join('; ')
}

/** The engine's own message whole, without what a terminal would obey. */
export function errorSaid(status: number, body: string): string {
  const message = textIn(fieldsOf(jsonIn(body))['message']) || body.trim()
  const said = message.split('\n').map(sanitise).join('\n')
  return said === '' ? `the engine answered ${status}\n` : `${said}\n`
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
