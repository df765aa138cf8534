/** What well-known chains are there for, so that nobody has to look them up in the middle of an incident. */

const exact: Readonly<Record<string, string>> = {
  DOCKER: 'Docker: the published ports',
  'DOCKER-USER': 'yours: Docker never changes it, and asks it before its own rules',
  'DOCKER-FORWARD': 'Docker: what it decides about forwarded packets, in order',
  'DOCKER-CT': 'Docker: answers to connections that were let through',
  'DOCKER-INTERNAL': 'Docker: keeps internal networks from the outside',
  'DOCKER-BRIDGE': 'Docker: for each bridge, what may reach its containers',
  'DOCKER-INGRESS': 'Docker Swarm: published ports go to the routing mesh',
  'DOCKER-ISOLATION-STAGE-1': 'Docker: keeps networks apart, first half: leaves a bridge',
  'DOCKER-ISOLATION-STAGE-2': 'Docker: keeps networks apart, second half: must not enter another bridge',
  DOCKER_OUTPUT: "Docker: sends this container's DNS questions to the engine",
  DOCKER_POSTROUTING: "Docker: makes the engine's DNS answers look like those of 127.0.0.11",
  'nat-prerouting-and-output': 'Docker: the published ports',
  'NETAVARK-HOSTPORT-DNAT': 'Podman: the published ports',
  'NETAVARK-HOSTPORT-MASQ': 'Podman: gives marked packets the address of this host',
  'NETAVARK-HOSTPORT-SETMARK': 'Podman: marks what is to be masqueraded',
  NETAVARK_FORWARD: 'Podman: what may be forwarded',
  NETAVARK_INPUT: 'Podman: what containers may ask this host, DNS above all',
  NETAVARK_ISOLATION_1: 'Podman: keeps isolated networks apart, first half',
  NETAVARK_ISOLATION_2: 'Podman: keeps isolated networks apart, second half',
  NETAVARK_ISOLATION_3: 'Podman: keeps isolated networks apart, last half',
  'NETAVARK-ISOLATION-1': 'Podman: keeps isolated networks apart, first half',
  'NETAVARK-ISOLATION-2': 'Podman: keeps isolated networks apart, second half',
  'NETAVARK-ISOLATION-3': 'Podman: keeps isolated networks apart, last half',
  'KUBE-SERVICES': 'Kubernetes: the addresses of services',
  'KUBE-NODEPORTS': 'Kubernetes: services on ports of the node',
  'KUBE-POSTROUTING': 'Kubernetes: masquerades what was marked for it',
  'KUBE-MARK-MASQ': 'Kubernetes: marks what is to be masqueraded',
  'KUBE-MARK-DROP': 'Kubernetes: marks what is to be dropped',
  'KUBE-FORWARD': 'Kubernetes: lets traffic of services through',
  'KUBE-FIREWALL': 'Kubernetes: drops what was marked for it',
  'KUBE-PROXY-FIREWALL': 'Kubernetes: who may use a load balancer',
  'KUBE-EXTERNAL-SERVICES': 'Kubernetes: services by addresses from outside',
  'KUBE-KUBELET-CANARY': 'Kubernetes: empty; tells the kubelet that nobody flushed the rules',
  'KUBE-PROXY-CANARY': 'Kubernetes: empty; tells kube-proxy that nobody flushed the rules',
  'CNI-HOSTPORT-DNAT': 'CNI: the published ports',
  'CNI-HOSTPORT-MASQ': 'CNI: gives marked packets the address of this host',
  'CNI-HOSTPORT-SETMARK': 'CNI: marks what is to be masqueraded',
  'CNI-FORWARD': 'CNI: what may be forwarded to and from containers',
  'CNI-ADMIN': 'yours: CNI never changes it, and asks it before its own rules',
  'FLANNEL-POSTRTG': 'Flannel: what pods send to the outside is masqueraded',
  'FLANNEL-FWD': 'Flannel: lets traffic of pods through',
  LIBVIRT_INP: 'libvirt: DNS and DHCP of its networks',
  LIBVIRT_OUT: 'libvirt: answers of DNS and DHCP to its networks',
  LIBVIRT_FWI: 'libvirt: what may reach its guests',
  LIBVIRT_FWO: 'libvirt: what its guests may send out',
  LIBVIRT_FWX: 'libvirt: between guests of one network',
  LIBVIRT_PRT: 'libvirt: what its guests send to the outside is masqueraded',
}

/** Families of chains: one of each network, service, endpoint or jail. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^filter-forward-in__(.+)$/, 'Docker: what may reach the containers of $1'],
  [/^filter-forward-out__(.+)$/, 'Docker: what the containers of $1 may send out'],
  [/^nat-postrouting-in__(.+)$/, 'Docker: addresses of what goes to the containers of $1'],
  [/^nat-postrouting-out__(.+)$/, 'Docker: addresses of what the containers of $1 send out'],
  [/^NETAVARK-DN-/, 'Podman: published ports of one network'],
  [/^nv_[0-9a-f]+.*_dnat$/, 'Podman: published ports of one network'],
  [/^nv_/, 'Podman: what one of its networks sends out'],
  [/^NETAVARK-[0-9A-F]+$/, 'Podman: what one of its networks sends out'],
  [/^KUBE-SVC-/, 'Kubernetes: one service, shared out to its pods'],
  [/^KUBE-SVL-/, 'Kubernetes: one service, shared out to its pods on this node'],
  [/^KUBE-SEP-/, 'Kubernetes: one pod of a service'],
  [/^KUBE-EXT-/, 'Kubernetes: one service, as seen from outside'],
  [/^KUBE-FW-/, 'Kubernetes: who may use one service from outside'],
  [/^CNI-DN-/, 'CNI: published ports of one container'],
  [/^CNI-[0-9a-f]{12,}$/, 'CNI: what one container sends to the outside'],
  [/^cali-/, 'Calico: made from network policies'],
  [/^CILIUM_/, 'Cilium: what its eBPF programs leave to netfilter'],
  [/^ufw6?-user-/, 'ufw: the rules that `ufw allow` and `ufw deny` made'],
  [/^ufw6?-(?:before|after)-logging-/, 'ufw: its log lines'],
  [/^ufw6?-before-/, 'ufw: rules of /etc/ufw/before.rules'],
  [/^ufw6?-after-/, 'ufw: rules of /etc/ufw/after.rules'],
  [/^ufw6?-(?:reject|track|skip-to-policy)-/, 'ufw: its default policies'],
  [/^ufw6?-logging-(deny|allow)$/, 'ufw: logs [UFW $1] lines'],
  [/^ufw6?-docker/, 'ufw-docker: which published ports are let through'],
  [/^ufw6?-/, 'ufw: made by the uncomplicated firewall'],
  [/^f2b-(.+)$/, 'fail2ban: addresses that its jail $1 has banned'],
  [/^ts-/, 'Tailscale'],
  [/^LIBVIRT_/, 'libvirt'],
]

/** One short phrase; null for a chain that is not known. */
export function chainNote(name: string): string | null {
  const known = Object.hasOwn(exact, name) ? exact[name] : undefined
  if (known !== undefined) return known
  for (const [pattern, note] of patterns) {
    const found = pattern.exec(name)
    if (found !== null) return note.replace('$1', () => found[1] ?? '')
  }
  return null
}
