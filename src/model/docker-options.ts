/** Docker's names for options of networks (the documents of its bridge, macvlan, ipvlan and overlay drivers). */
const bridgeOption = 'com.docker.network.bridge.'

export const dockerOptions = {
  bridge: `${bridgeOption}name`,
  icc: `${bridgeOption}enable_icc`,
  masquerade: `${bridgeOption}enable_ip_masquerade`,
  hostBinding: `${bridgeOption}host_binding_ipv4`,
  gatewayMode: `${bridgeOption}gateway_mode_ipv4`,
  gatewayMode6: `${bridgeOption}gateway_mode_ipv6`,
  inhibitIp: `${bridgeOption}inhibit_ipv4`,
  defaultBridge: `${bridgeOption}default_bridge`,
  trusted: `${bridgeOption}trusted_host_interfaces`,
  mtu: 'com.docker.network.driver.mtu',
  hostIp: 'com.docker.network.host_ipv4',
  hostIp6: 'com.docker.network.host_ipv6',
  parent: 'parent',
  macvlanMode: 'macvlan_mode',
  ipvlanMode: 'ipvlan_mode',
  vxlanIds: 'com.docker.network.driver.overlay.vxlanid_list',
} as const
