/** Plans by hand, for tests of what is done with them. */
import type { Command, Plan, Step } from '../../src/model/plan.ts'

export function step(
  title: string,
  fields: Partial<Omit<Step, 'command'>> & { readonly command?: readonly string[] | Command } = {},
): Step {
  const { command = ['true'], ...rest } = fields
  return {
    title,
    undo: [],
    after: [],
    before: [],
    touches: [],
    ...rest,
    command: 'argv' in command ? command : { argv: command },
  }
}

export function plan(title: string, steps: readonly Step[], fields: Partial<Plan> = {}): Plan {
  return { intent: { kind: 'net-prune' }, title, steps, notes: [], ...fields }
}
