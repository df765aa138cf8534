import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runTraceroute: Runner<'traceroute'> = async () =>
  failed({ kind: 'refused', what: 'traceroute is not written yet' })
