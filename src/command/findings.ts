import { concerned } from '../derive/findings/concerned.ts'
import { findings as findingsOf } from '../derive/findings/findings.ts'
import { displayNames, netnsRef } from '../derive/netns-name.ts'
import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'
import type { FindingShape, UncheckedShape } from './shapes.ts'

export const findings = command({
  name: 'findings',
  summary: 'what is visibly wrong with the networks of this host, with the evidence',
  description: [
    'Exit code 1: at least one finding is a fault. What could not be checked is named at the end.',
  ],
  examples: ['vethscope findings', 'vethscope findings --json --from bug-report.json.gz'],
  needs: 'world',
  arguments: {},
  options: {},
  run: async ({ source }) => {
    const read = await source.readWorld({ details: false, deep: true })
    if (!read.ok) return read
    const ruled = await source.withFirewall(
      read.value,
      read.value.netns.map(({ id }) => id),
    )
    if (!ruled.ok) return ruled
    const whole = await source.withDetails(ruled.value, concerned(ruled.value))
    if (!whole.ok) return whole
    const world = whole.value
    const { findings, unchecked } = findingsOf(world)
    const names = displayNames(world.netns)
    const data: readonly (FindingShape | UncheckedShape)[] = [
      ...findings.map(({ netns, rule, ...finding }) => ({
        ...finding,
        netns: netnsRef(names, netns),
        ...(rule === undefined ? {} : { rule: { ...rule, netns: netnsRef(names, rule.netns) } }),
      })),
      ...unchecked.map(({ netns, ...each }) => ({ ...each, netns: netnsRef(names, netns) })),
    ]
    const isFault = findings.some(({ severity }) => severity === 'fault')
    return succeeded({ kind: 'findings', data, answer: isFault ? 'no' : 'yes', gaps: gapsOf(world) })
  },
})
