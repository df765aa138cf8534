import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runDns: Runner<'dns'> = async () => failed({ kind: 'refused', what: 'dns is not written yet' })
