/**
 * Looks into what an engine answered. An engine is outside the program: any field may be missing, null or of another type
 * than its documentation says, and one odd field must not cost the rest.
 */
export type Answer = { readonly [field: string]: unknown }

/** What one string of an answer may be long; an engine's own limits are far below. */
const maxText = 16 * 1024
const maxLabels = 1000

export function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsOf(value: unknown): Answer {
  return isAnswer(value) ? value : {}
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxText) : ''
}

export function textOrNull(value: unknown): string | null {
  return textIn(value) || null
}

/** Also one that is written as text, as Docker writes the port of the host. */
export function wholeIn(value: unknown): number | null {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value) ? Number(value) : null
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

export function textsIn(value: unknown): readonly string[] {
  return listIn(value)
    .filter((each) => typeof each === 'string')
    .map(textIn)
}

/** Labels and options. */
export function textByName(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(value)).slice(0, maxLabels)
  return Object.fromEntries(
    entries.flatMap(([name, text]) => (typeof text === 'string' ? [[textIn(name), textIn(text)]] : [])),
  )
}

/** `172.17.0.2` and 16 → `172.17.0.2/16`; null where there is no address. */
export function addressIn(address: unknown, prefixLen: unknown): string | null {
  const text = textIn(address)
  if (text === '') return null
  const length = wholeIn(prefixLen)
  return length === null || length === 0 ? text : `${text}/${length}`
}
