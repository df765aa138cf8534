import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const linkAttach: Planner<'link-attach'> = () =>
  refused(refusal('link-attach', 'link-attach is not made yet'))

export const linkDetach: Planner<'link-detach'> = () =>
  refused(refusal('link-detach', 'link-detach is not made yet'))

export const linkDown: Planner<'link-down'> = () => refused(refusal('link-down', 'link-down is not made yet'))

export const linkMtu: Planner<'link-mtu'> = () => refused(refusal('link-mtu', 'link-mtu is not made yet'))

export const linkRename: Planner<'link-rename'> = () =>
  refused(refusal('link-rename', 'link-rename is not made yet'))

export const linkUp: Planner<'link-up'> = () => refused(refusal('link-up', 'link-up is not made yet'))
