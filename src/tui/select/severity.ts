/** How bad a finding is, by mark and by colour: never by colour alone. */
import type { Severity } from '../../model/finding.ts'
import type { Role } from '../frame.ts'

export const severityMarks: Readonly<Record<Severity, string>> = { fault: '!!', risk: '! ', note: 'i ' }
export const severityRoles: Readonly<Record<Severity, Role>> = {
  fault: 'finding.fault',
  risk: 'finding.risk',
  note: 'finding.note',
}
