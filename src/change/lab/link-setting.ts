/** A setting of a link below net.ipv6.conf. */
import type { Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import { sysctlCommand } from '../restore/sysctls.ts'

/** Of a link that the plan itself makes: no inverse, because the setting goes with the link. */
export function ipv6SettingStep(
  spot: Spot,
  link: string,
  setting: string,
  value: string,
  title: string,
): Step {
  const name = `ipv6.conf.${link}.${setting}`
  return {
    title,
    command: sysctlCommand(spot, [[name, value]]),
    undo: [],
    after: [{ kind: 'sysctl', at: spot.at, name, value }],
    before: [],
    touches: [{ path: [spot.at, `link:${link}`, `sysctl:${name}`], how: 'change' }],
  }
}
