/** MAC addresses that are made, not found: the same of the same seed. */
import { createHash } from 'node:crypto'

/** Locally administered and of one link (IEEE 802: the second and the first bit of its first byte). */
export function madeMac(seed: string): string {
  const digits = createHash('sha256').update(seed).digest('hex').slice(0, 10)
  return ['02', ...(digits.match(/../g) ?? [])].join(':')
}
