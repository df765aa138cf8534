/** What puts something into the clipboard. A part of the table in actions.ts. */
import { canCopy, canCopyValue, copied, valuesOffered } from './update/copy.ts'

export const copyActions = {
  copy: {
    title: 'copy the command that shows the same',
    group: 'thing',
    footer: null,
    enabled: canCopy,
    run: copied,
  },
  'copy-value': {
    title: 'copy a name, address or id of it',
    group: 'thing',
    footer: null,
    enabled: canCopyValue,
    run: valuesOffered,
  },
} as const
