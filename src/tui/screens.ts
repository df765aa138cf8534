/** The screens there are: what the tab bar, the digit keys and the help are made from. */
export const screens = [{ id: 'topology', key: '1', tab: 'Topo', title: 'Topology' }] as const

export type ScreenId = (typeof screens)[number]['id']
