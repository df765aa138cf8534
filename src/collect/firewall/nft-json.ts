/** Careful looks into what `nft -j` printed (libnftables-json(5)): what an expression is stands in its only key. */
export type Json = { readonly [key: string]: unknown }

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listIn(from: Json, key: string): readonly unknown[] {
  const value = from[key]
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

export function stringIn(from: Json, key: string): string | null {
  const value = from[key]
  return typeof value === 'string' ? value : null
}

export function numberIn(from: Json, key: string): number | null {
  const value = from[key]
  return typeof value === 'number' ? value : null
}

/** One flag is printed as a string, several as a list. */
export function stringsIn(from: Json, key: string): string[] {
  return listIn(from, key).filter((each) => typeof each === 'string')
}

/** What `{ "KEY": … }` holds; null where it is another one. */
export function only(value: unknown, key: string): unknown {
  return isObject(value) && key in value ? (value[key] ?? {}) : null
}
