/** A C library whose kernel is a list of prepared answers. Calls that a test did not prepare fail loudly. */
import { fstatSync } from 'node:fs'
import type { Libc } from '../../../src/collect/kernel/libc.ts'

export function fakeLibc(calls: Partial<Libc>): Libc {
  const prepared: Partial<Libc> = {
    setsockopt: () => 0,
    inodeOf: (fd) => {
      const { dev, ino } = fstatSync(fd, { bigint: true })
      return { dev: Number(dev), ino }
    },
    ...calls,
  }
  return new Proxy(prepared, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name)
      if (call !== undefined) return call
      return () => {
        throw new Error(`${String(name)} was called`)
      }
    },
  }) as Libc
}
