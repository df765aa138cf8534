/** Careful looks into what `ip -j` printed: fields come and go with iproute2's version. */
export type Printed = { readonly [key: string]: unknown }

function isPrinted(value: unknown): value is Printed {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function printed(value: unknown): Printed {
  return isPrinted(value) ? value : {}
}

export function listed(value: unknown): readonly Printed[] {
  return Array.isArray(value) ? value.filter(isPrinted) : []
}

export function text(from: Printed, key: string): string | null {
  const value = from[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}

export function number(from: Printed, key: string): number | null {
  const value = from[key]
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '') return null
  const parsed = Number(value)
  return Number.isFinite(parsed) ? parsed : null
}

/** iproute2 prints a flag as `true`, as 1, or as `null` (only its presence counts). */
export function flag(from: Printed, key: string): boolean {
  const value = from[key]
  return value === true || value === 1 || value === null || value === 'on'
}

export function texts(from: Printed, key: string): readonly string[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
