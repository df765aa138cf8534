import { getSystemErrorMap } from 'node:util'

const messages = new Map(getSystemErrorMap().values())

/** What a refusal of the kernel means: `network is unreachable`. An unknown one as it is. */
export function errnoSays(name: string): string {
  return messages.get(name) ?? name
}
