/** What stands at the head of an exported file, in comments. */
import type { World } from '../model/world.ts'
import type { Exported } from './from-world.ts'

/** Lines without their mark. Outside text: sanitise where shown. */
export function headOf(
  { hostName, at }: World,
  { left, unread }: Exported,
  format: 'yaml' | 'json' | 'script',
): readonly string[] {
  const time = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
  return [
    `Networks of ${hostName}, ${time}, written by vethscope net export.`,
    ...(format === 'script' ? howToRun : howToApply),
    ...listed('Not in this file:', left),
    ...listed('Could not be read, so it may be missing here:', unread),
  ]
}

const howToApply = [
  'vethscope net apply FILE makes what of it is not there; net apply FILE --remove takes it away.',
  'Editors check it by network-file.schema.json; docs/network-files.md says what may stand here.',
]

const howToRun = [
  'Run it as root on a host that does not forward yet and has no firewall: it stops at the first command that fails.',
  'It takes nothing back. vethscope net apply, with the same as YAML, looks first and undoes what it began.',
]

function listed(title: string, all: readonly string[]): readonly string[] {
  return all.length === 0 ? [] : ['', title, ...all.map((each) => `- ${each}`)]
}
