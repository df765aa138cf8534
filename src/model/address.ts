import { z } from 'zod'
import type { Frozen } from './schema.ts'

export const addressSchema = z.object({
  ifindex: z.number().int(),
  family: z.enum(['inet', 'inet6']),
  /** IFA_LOCAL, or IFA_ADDRESS where there is no local one. */
  local: z.string(),
  /** IFA_ADDRESS where it differs from the local one (point to point). */
  peer: z.string().nullable(),
  prefixLen: z.number().int(),
  broadcast: z.string().nullable(),
  scope: z.string(),
  label: z.string().nullable(),
  /** IFA_F_* in lower case as iproute2 prints them: permanent, tentative, dadfailed, secondary … */
  flags: z.array(z.string()),
  /** Seconds; null = forever. */
  validLifetime: z.number().nullable(),
  preferredLifetime: z.number().nullable(),
  /** Whose address: kernel_lo, kernel_ra, … (IFA_PROTO); null where not told. */
  protocol: z.string().nullable(),
})

export type Address = Frozen<z.infer<typeof addressSchema>>
