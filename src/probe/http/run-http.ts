import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runHttp: Runner<'http'> = async () =>
  failed({ kind: 'refused', what: 'http is not written yet' })
