/** Who lives in a namespace: the container that it was made for, and those that joined it. */
import type { NetnsId } from '../model/ids.ts'
import type { EngineMarks, Tenant } from './engine-marks.ts'
import type { ContainerRow } from './topology-row.ts'

const nobody: readonly Tenant[] = []

type Household = { readonly owner: Tenant | null; readonly sharers: readonly Tenant[] }

const memo = new WeakMap<readonly Tenant[], Household>()

/** The owner is who the namespace is called after: in a pod without a container of its own, or where that one is gone, the first. */
export function householdOf(marks: EngineMarks, id: NetnsId): Household {
  const tenants = marks.tenants.get(id) ?? nobody
  const kept = memo.get(tenants)
  if (kept !== undefined) return kept
  const own = tenants.find(({ container }) => container.joins === null && container.modeKind !== 'container')
  const owner = own ?? tenants[0] ?? null
  const household = { owner, sharers: tenants.filter((each) => each !== owner) }
  memo.set(tenants, household)
  return household
}

const rows = new WeakMap<Tenant, ContainerRow>()

/** Of one that has no namespace of its own. `shares`: what the namespace that it uses is called; null: its engine's. */
export function containerRow(tenant: Tenant, netns: NetnsId, shares: string | null): ContainerRow {
  const kept = rows.get(tenant)
  if (kept !== undefined && kept.shares === shares && kept.netns === netns) return kept
  const row: ContainerRow = {
    kind: 'container',
    id: `container:${netns}:${tenant.container.id}`,
    netns,
    name: tenant.container.name || tenant.container.id.slice(0, 12),
    engine: tenant.engine,
    container: tenant.container,
    shares,
    children: [],
  }
  rows.set(tenant, row)
  return row
}
