import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runTcp: Runner<'tcp'> = async () => failed({ kind: 'refused', what: 'tcp is not written yet' })
