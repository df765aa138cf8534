import type { OptionSpecs, OptionValues } from './command.ts'

/** Understood before and after every command. */
export const globalOptions = {
  json: { type: 'switch', summary: 'print one JSON document' },
  from: { type: 'text', value: 'FILE', summary: 'read a snapshot file instead of this host' },
  host: {
    type: 'text',
    value: 'NETNS',
    summary: 'take this namespace as the host (default: the one vethscope was started in)',
  },
  reader: {
    type: 'choice',
    choices: ['auto', 'netlink', 'ip'],
    summary: 'how the kernel is read; auto takes netlink, and ip where koffi does not load',
  },
  strict: { type: 'switch', summary: 'exit 3 when anything could not be read' },
  color: {
    type: 'choice',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    summary: 'colours; auto: on a terminal, unless NO_COLOR is set',
  },
  'no-config': { type: 'switch', summary: 'as if there were no config file' },
  debug: {
    type: 'optional',
    value: 'FILE',
    summary: 'write what is done, and how long it takes, to a new file (default: in the state folder)',
  },
} as const satisfies OptionSpecs

export type GlobalValues = OptionValues<typeof globalOptions>
