import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runPing: Runner<'ping'> = async () =>
  failed({ kind: 'refused', what: 'ping is not written yet' })
