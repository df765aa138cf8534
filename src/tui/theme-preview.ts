/** A theme shown by itself: each role with words as it has on the screen. Pure, for the `T` popup and `vethscope themes`. */
import { roles, type Role } from './frame.ts'
import type { Style, Theme } from './theme.ts'

export type RolePreview = { readonly role: Role; readonly sample: string; readonly style: Style }

export function themePreview(theme: Theme): readonly RolePreview[] {
  return roles.map((role) => ({ role, sample: samples[role], style: groundedStyle(theme, role) }))
}

/** As it is drawn: on the theme's own ground where the role has none. */
export function groundedStyle({ ground, roles }: Theme, role: Role): Style {
  const style = roles[role]
  if (ground === undefined) return style
  return { ...style, fg: style.fg ?? roles.text.fg ?? ground, bg: style.bg ?? ground }
}

const samples: Readonly<Record<Role, string>> = {
  text: 'plain text',
  dim: 'of less weight',
  title: 'vethscope vm01',
  heading: 'NAME  ADDRESS',
  key: 'Enter',
  border: '── docker0 ──',
  'border.focus': '── nginx1 ──',
  selection: 'the chosen row',
  match: 'what was found',
  netns: 'host',
  link: 'eth0',
  'link.up': 'UP',
  'link.down': 'DOWN',
  bridge: 'docker0',
  address: '172.17.0.2/16',
  container: 'nginx1',
  nat: 'MASQUERADE',
  published: ':8080>80',
  counter: '1.2M',
  'chart.rx': 'rx ▁▃▆█▅',
  'chart.tx': 'tx ▁▁▂▅▂',
  changed: 'just changed',
  gone: 'vanished',
  'finding.fault': 'F01 fault',
  'finding.risk': 'F18 risk',
  'finding.note': 'F30 note',
  'rule.accept': 'ACCEPT',
  'rule.drop': 'DROP',
  unreadable: 'permission denied',
  banner: 'replay of host.json',
  error: 'no such namespace',
}
