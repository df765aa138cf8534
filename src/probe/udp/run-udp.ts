import { failed } from '../../lib/failure.ts'
import type { Runner } from '../context.ts'

export const runUdp: Runner<'udp'> = async () => failed({ kind: 'refused', what: 'udp is not written yet' })
