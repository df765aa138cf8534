/** What an engine told of a container, pod or network, in words: `docker: start nginx1`. */
import type { Happening } from '../../model/log-entry.ts'
import { fieldsOf, textByName, textIn } from './answer.ts'

export type EngineEvent = {
  readonly engine: string
  /** `container`, `network`, `pod`. */
  readonly type: string
  readonly action: string
  /** As people call it; else the beginning of its id. */
  readonly name: string
  /** The id of the container concerned. */
  readonly container: string | null
  /** `exit 137`, `from bridge`: what else is worth telling. */
  readonly more: string
}

const shortId = 12

/** null: not in the form of an event. `line`: one JSON document, as Docker and libpod write them. */
export function engineEvent(engine: string, line: string): EngineEvent | null {
  let event: ReturnType<typeof fieldsOf>
  try {
    event = fieldsOf(JSON.parse(line) as unknown)
  } catch {
    return null
  }
  const actor = fieldsOf(event['Actor'])
  const about = textByName(actor['Attributes'])
  const [type, action, id] = [textIn(event['Type']), textIn(event['Action']), textIn(actor['ID'])]
  if (type === '' || action === '') return null
  const other = about['container'] ?? ''
  const container = type === 'container' ? id : type === 'network' ? other : ''
  const exit = about['exitCode'] ?? about['containerExitCode']
  return {
    engine,
    type,
    action,
    name: about['name'] ?? id.slice(0, shortId),
    container: container === '' ? null : container,
    more: exit !== undefined && /^died?$/.test(action) ? `exit ${exit}` : other.slice(0, shortId),
  }
}

export function engineHappening(event: EngineEvent, at: number): Happening {
  const { engine, type, action, name, container, more } = event
  const kind = type === 'container' ? '' : `${type} `
  const words = [`${engine}: ${kind}${action}`, name, more].filter((word) => word !== '')
  return {
    at,
    since: at,
    times: 1,
    kind: 'engine',
    netns: null,
    container,
    text: words.join(' '),
    outcome: null,
  }
}
