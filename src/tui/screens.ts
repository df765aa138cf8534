/** The screens there are: what the tab bar, the digit keys and the help are made from. */
export const screens = [
  { id: 'topology', key: '1', tab: 'Topo', title: 'Topology' },
  { id: 'rules', key: '3', tab: 'Rules', title: 'Rules' },
] as const

export type ScreenId = (typeof screens)[number]['id']
