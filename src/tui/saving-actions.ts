/** What writes files into the working directory. A part of the table in actions.ts. */
import { canExportLog, logExported } from './update/log-export.ts'
import { canSnapshot, snapshotAsked } from './update/snapshot.ts'

export const savingActions = {
  snapshot: {
    title: 'save everything that can be read as a snapshot file here',
    group: 'looking',
    footer: 'save',
    enabled: canSnapshot,
    run: snapshotAsked,
  },
  'log-export': {
    title: 'write what the log shows to a text file here',
    group: 'looking',
    footer: 'export',
    enabled: canExportLog,
    run: logExported,
  },
} as const
