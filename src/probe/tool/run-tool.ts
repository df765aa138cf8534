import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runTool: Runner<'tool'> = async () =>
  failed({ kind: 'refused', what: 'tool is not written yet' })
