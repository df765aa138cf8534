/** `ipset save`: `create NAME TYPE …`, then `add NAME MEMBER …`. */
import type { Ipset } from '../../model/ruleset.ts'
import { tokenise } from './tokens.ts'

export function parseIpset(text: string): readonly Ipset[] {
  const sets = new Map<string, { name: string; type: string; members: string[] }>()
  for (const line of text.split('\n')) {
    const [command, name, third] = tokenise(line, 0)
    if (command === undefined || name === undefined || third === undefined) continue
    if (command.text === 'create') {
      sets.set(name.text, { name: name.text, type: third.text, members: [] })
    }
    // With what is said about a member: `timeout 60`, `comment "…"`, `nomatch`.
    if (command.text === 'add') sets.get(name.text)?.members.push(line.slice(third.start).trimEnd())
  }
  return [...sets.values()]
}
