import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runListen: Runner<'listen'> = async () =>
  failed({ kind: 'refused', what: 'listen is not written yet' })
