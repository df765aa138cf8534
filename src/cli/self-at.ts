import { clean } from './clean.ts'

/** This program as it is to be typed for the same host: `vethscope --host red`. */
export function selfAt(host: string | undefined): string {
  return host === undefined ? 'vethscope' : `vethscope --host ${clean(host)}`
}
