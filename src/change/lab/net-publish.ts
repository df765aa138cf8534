import type { Planner } from '../planner.ts'
import { refusal, refused } from '../planner.ts'

export const netPublish: Planner<'net-publish'> = () =>
  refused(refusal('net-publish', 'net-publish is not made yet'))

export const netUnpublish: Planner<'net-unpublish'> = () =>
  refused(refusal('net-unpublish', 'net-unpublish is not made yet'))
