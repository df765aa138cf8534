import type { IcmpError, PingResult } from '../../model/probe-result.ts'

export type GatheredErrors = { add(error: IcmpError): void; list(): PingResult['errors'] }

/** Whoever makes errors up can make many. */
const mostKinds = 100

/** The same error of the same sender is one, with a count. */
export function gatheredErrors(): GatheredErrors {
  const found = new Map<string, { readonly error: IcmpError; count: number }>()
  return {
    add: (error) => {
      const key = JSON.stringify([error.from, error.type, error.code, error.says, error.mtu])
      const known = found.get(key)
      if (known !== undefined) known.count += 1
      else if (found.size < mostKinds) found.set(key, { error, count: 1 })
    },
    list: () => [...found.values()].map(({ error, count }) => ({ ...error, count })),
  }
}
