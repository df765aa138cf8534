/** What the `/` filter can ask of a probe: words of its verdict, `kind:ping`, `is:running`, `is:failed`, names, `:80`. */
import type { Facts, Trait } from '../../derive/filter.ts'
import type { ProbeRow } from './probe-row.ts'
import type { ProbeStatus } from './probe-status.ts'

const addressLike = /[0-9a-f]*[.:][0-9a-f.:]+/gi

export const wordsOfFilter: Facts<ProbeRow> = {
  holds: ({ run, status }, text) =>
    `${run.number} ${run.from.name} ${run.what} ${status.is} ${status.says}`.toLowerCase().includes(text),
  addresses: ({ run, status }) => `${run.what} ${status.says}`.match(addressLike) ?? [],
  ports: ({ run }) => [...run.what.matchAll(/:(\d{1,5})\b/g)].map(([, port]) => Number(port)),
  kind: ({ run }) => run.request.kind,
  traits: ({ status }) => traitsOf(status),
}

function traitsOf({ is }: ProbeStatus): readonly Trait[] {
  if (is === 'running' || is === 'repeating') return ['running']
  return is === 'failed' ? ['failed'] : []
}
