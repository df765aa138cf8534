/** Whether JSON is a line of the journal: what would be done with another one, as root, nobody knows. */
import {
  listOf,
  maybe,
  number,
  numbersByName,
  of,
  oneOf,
  orNull,
  text,
  textOrNull,
  yesOrNo,
  type Check,
} from '../../lib/shape.ts'

const command = of({
  argv: listOf(text),
  input: maybe(text),
  request: maybe(of({ socket: text, method: oneOf(['POST', 'DELETE']), path: text })),
  also: maybe(listOf(number)),
  enters: maybe(listOf(of({ path: text, id: text }))),
  handleOf: maybe(of({ family: text, table: text, chain: text, comment: text })),
})

const row = { at: text, there: yesOrNo }
const ofEngine = { engine: text, socket: text, there: yesOrNo, is: maybe(of({})) }

const facts: Readonly<Record<string, Check>> = {
  netns: of({ name: text, there: yesOrNo }),
  link: of({ ...row, name: text, is: maybe(of({})) }),
  address: of({ ...row, link: text, address: text }),
  route: of({
    ...row,
    destination: text,
    table: number,
    via: textOrNull,
    link: textOrNull,
    metric: orNull(number),
  }),
  neighbour: of({ ...row, link: text, address: text, lladdr: textOrNull }),
  fdb: of({ ...row, link: text, lladdr: text, dst: textOrNull }),
  sysctl: of({ at: text, name: text, value: text }),
  file: of({ path: text, text: textOrNull, also: maybe(listOf(text)) }),
  folder: of({ path: text, there: yesOrNo, orUsed: maybe(yesOrNo) }),
  rule: of({ ...row, backend: text, family: text, table: text, chain: text, comment: text }),
  'nft-table': of({ at: text, family: text, name: text, rules: orNull(numbersByName) }),
  'engine-network': of({ ...ofEngine, name: text }),
  'engine-endpoint': of({ ...ofEngine, network: text, container: text }),
  'chain-rules': of({
    ...row,
    backend: text,
    family: text,
    table: text,
    chain: text,
    lines: listOf(text),
  }),
}

const step = of({
  title: text,
  command,
  undo: (value) => listOf(command)(value) || of({ irreversible: text })(value),
  after: listOf(byField('kind', facts)),
  before: listOf(byField('kind', facts)),
  touches: listOf(
    of({ path: listOf(text), how: oneOf(['add', 'delete', 'change', 'use']), what: maybe(text) }),
  ),
})

const plan = of({
  intent: of({ kind: text }),
  title: text,
  steps: listOf(step),
  notes: listOf(text),
  undoes: maybe(Number.isInteger),
})

const lines: Readonly<Record<string, Check>> = {
  begin: of({ at: text, pid: number, plan, confirmBefore: textOrNull }),
  step: of({ step: Number.isInteger }),
  ran: of({ step: Number.isInteger, ok: yesOrNo, exitCode: orNull(number), stderr: text, says: maybe(text) }),
  back: of({ why: text }),
  undo: of({ step: Number.isInteger }),
  undone: of({ step: Number.isInteger, says: maybe(text) }),
  left: of({ step: Number.isInteger, says: text }),
  end: of({ at: text, state: oneOf(['applied', 'rolled back', 'left']), left: listOf(text) }),
  confirmed: of({ at: text }),
}

const known = byField('type', lines)

export const isLine: Check = (value) => of({ id: Number.isInteger })(value) && known(value)

/** Of several shapes the one that this field names. */
function byField(field: string, shapes: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false
    const name = (value as Readonly<Record<string, unknown>>)[field]
    return typeof name === 'string' && Object.hasOwn(shapes, name) && shapes[name]?.(value) === true
  }
}
