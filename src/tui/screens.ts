/** The screens there are: what the tab bar, the digit keys and the help are made from. */
export const screens = [
  { id: 'topology', key: '1', tab: 'Topo', title: 'Topology' },
  { id: 'namespaces', key: '2', tab: 'Ns', title: 'Namespaces' },
  { id: 'rules', key: '3', tab: 'Rules', title: 'Rules' },
  { id: 'ports', key: '4', tab: 'Ports', title: 'Ports' },
  { id: 'networks', key: '5', tab: 'Nets', title: 'Networks' },
  { id: 'probes', key: '6', tab: 'Probes', title: 'Probes' },
  { id: 'log', key: '7', tab: 'Log', title: 'Log' },
] as const

export type ScreenId = (typeof screens)[number]['id']
/** Those that are made of tables (tui/table). */
export type TableScreenId = Exclude<ScreenId, 'topology' | 'rules'>
