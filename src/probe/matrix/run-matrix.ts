import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runMatrix: Runner<'matrix'> = async () =>
  failed({ kind: 'refused', what: 'matrix is not written yet' })
