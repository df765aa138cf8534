import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runCapture: Runner<'capture'> = async () =>
  failed({ kind: 'refused', what: 'capture is not written yet' })
