/**
 * A value that may not have been readable. The reason travels with it, because "could not be read" must never
 * be shown, or reasoned on, as "is not there".
 */
export type Unknown = { readonly unknown: string }
export type Known<T> = T | Unknown

export function unknown(reason: string): Unknown {
  return { unknown: reason }
}

export function isUnknown(value: unknown): value is Unknown {
  return (
    typeof value === 'object' && value !== null && 'unknown' in value && typeof value.unknown === 'string'
  )
}

/** The list, or an empty one where it could not be read. Only for places that show the gap elsewhere. */
export function listOf<T>(value: Known<readonly T[]>): readonly T[] {
  return isUnknown(value) ? [] : value
}
