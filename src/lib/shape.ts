/** Whether JSON from a file has a certain shape, where zod would take longer to load than the file to read. */
export type Check = (value: unknown) => boolean

export const text: Check = (value) => typeof value === 'string'
export const number: Check = (value) => typeof value === 'number'
export const yesOrNo: Check = (value) => typeof value === 'boolean'
export const textOrNull: Check = (value) => value === null || text(value)

export const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value)

export const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((each: unknown) => check(each))

const byName =
  (check: Check): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => check(each))

export const textsByName = byName(text)
export const numbersByName = byName(number)

export const of =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([key, check]) => check((value as Readonly<Record<string, unknown>>)[key]))

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
