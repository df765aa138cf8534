/**
 * Words that nobody chose: the kernel's, those of ip, tc, iptables, nft, of engines and of this program's own sentences.
 * Every other word is taken for somebody's, and replaced.
 */

const set = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '))

/** Words of a syntax: they stay even where somebody gave a thing the same name. In lower case. */
const syntax = set(
  // addresses, links, routes, neighbours
  'loopback ether none ipip sit gre gretap ip6gre ip6gretap ip6tnl tunnel tunnel6 erspan vti vti6 netlink ppp infiniband void rawip',
  'up down unknown dormant notpresent lowerlayerdown testing broadcast multicast pointopoint noarp promisc allmulti master slave running lower_up m-down no-carrier debug notrailers portsel automedia dynamic echo',
  'permanent random stolen set universe global link host site nowhere kernel boot static ra dhcp redirect zebra bird dnrouted xorp ntk mrouted keepalived babel openr bgp isis ospf rip eigrp',
  'kernel_lo kernel_ra kernel_ll unspec unicast local anycast blackhole unreachable prohibit throw nat xresolve onlink pervasive dead linkdown offload trap notify rt_offload rt_trap cloned',
  'tentative dadfailed deprecated secondary temporary noprefixroute mngtmpaddr stable-privacy homeaddress nodad optimistic autojoin mcautojoin',
  'reachable stale delay probe failed incomplete router proxy use self extern_learn sticky managed locked learned ext_learn vlan added_by_user',
  'inet inet6 ip ip6 ipv4 ipv6 arp bridge netdev bond dummy ifb veth vlan vxlan macvlan macvtap ipvlan ipvtap vrf tun tap geneve netkit wireguard team can vcan xfrm nlmon hsr batadv device other',
  'private vepa passthru source l2 l3 l3s balance-rr active-backup balance-xor balance-tlb balance-alb forward pass drop disabled listening learning forwarding blocking default main all lo',
  'noqueue mq fq fq_codel pfifo bfifo pfifo_fast htb tbf netem clsact ingress egress prio sfq red hfsc cake codel root parent limit loss delay rate burst latency reorder duplicate corrupt distribution slot gap ecn bands',
  'u32 flower basic matchall bpf fw cgroup mirred gact police nat pedit skbedit tunnel_key csum connmark sample mangle tcx xdp generic native offloaded drv skb hw multi flow_dissector sk_lookup',
  'inet_ingress inet_egress inet_sock_create sock_ops device sysctl getsockopt setsockopt bind4 bind6 connect4 connect6 sendmsg4 sendmsg6 recvmsg4 recvmsg6 post_bind4 post_bind6 inet4_bind inet6_bind inet4_connect inet6_connect udp4_sendmsg udp6_sendmsg getpeername getsockname release inet4_post_bind inet6_post_bind inet_sock_release',
  'nexthop via dev oif iif src dst from to lookup table goto nop metric mtu advmss encap mpls ila seg6 seg6local rpl ioam6 lwt in out fwd allow block socket',
  // sockets and protocols
  'tcp udp udplite icmp icmpv6 ipv6-icmp igmp sctp dccp esp ah raw packet unix mptcp ospf vrrp pim l2tp estab listen unconn established close closed closing time-wait time_wait syn-sent syn-recv syn_sent syn_recv fin-wait-1 fin-wait-2 fin_wait close-wait close_wait last-ack last_ack syn_sent2 new_syn_recv bound_inactive',
  'request respond partopen open closereq timewait ignore cookie_wait cookie_echoed shutdown_sent shutdown_recd shutdown_ack_sent heartbeat_sent heartbeat_acked',
  'expected seen_reply assured confirmed src_nat dst_nat seq_adjust src_nat_done dst_nat_done dying fixed_timeout template untracked helper hw_offload unreplied',
  'searched found new invalid insert insert_failed early_drop error search_restart clash_resolve chain_toolong delete delete_list processed dropped time_squeeze received_rps flow_limit_count',
  // rules
  'accept drop reject return continue queue log jump goto masquerade redirect dnat snat notrack tproxy tcpmss clampmss mark connmark ct comment match limit limit-burst multiport conntrack state addrtype physdev owner uid-owner gid-owner statistic recent string pkttype iprange mac tos dscp ttl hl length',
  'dport sport dports sports ports dst-type src-type limit-iface-in limit-iface-out ctstate ctdir ctorigdst ctorigsrc ctorigdstport ctproto ctmark ctstatus original reply related established snat dnat none',
  'to-destination to-source to-ports random-fully random fully-random persistent hashlimit hashlimit-above hashlimit-upto hashlimit-mode hashlimit-name hashlimit-burst hashlimit-htable-expire srcip dstip srcport dstport srcmask dstmask set-mark set-xmark save-mark restore-mark and-mark or-mark xor-mark nfmask ctmask mask',
  'reject-with icmp-port-unreachable icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-net-prohibited icmp-host-prohibited icmp-admin-prohibited icmp6-port-unreachable icmp6-adm-prohibited icmp6-no-route icmp6-addr-unreachable tcp-reset icmpx port-unreachable admin-prohibited no-route',
  'log-prefix log-level log-tcp-options log-ip-options log-uid nflog-group nflog-prefix nflog icmp-type icmpv6-type tcp-flags syn ack fin rst urg psh ece cwr physdev-in physdev-out physdev-is-bridged physdev-is-in physdev-is-out match-set return-nomatch ports bytecode name rcheck seconds hitcount rsource rdest update mac-source save',
  'set-class set-tos set-dscp queue-num queue-bypass zone zone-orig zone-reply checksum-fill algo bm kmp hex-string probability mode every packet uid gid tproxy-mark on-port on-ip src-range dst-range source-port destination-port in-interface out-interface protocol fragment set-counters',
  'chain hook prerouting input forward output postrouting priority policy filter nat route raw mangle security broute srcnat dstnat flags constant interval timeout dynamic elements element map vmap verdict counter packets bytes meta iifname oifname iif oif iifkind oifkind nfproto l4proto skuid skgid pkttype cgroup ibrname obrname iifgroup oifgroup saddr daddr version hdrlength frag-off id sequence offset code fib type expiration direction helper count over',
  'ipv4_addr ipv6_addr ether_addr inet_proto inet_service ifname ifindex mark icmp_type ct_state concatenation th payload exthdr numgen jhash symhash inc mod bitmask immediate binary lookup cmp prefix range exists missing flow add update flowtable devices dormant owner persist auto-merge size gc-interval with port addr admin xt anon expr op left right base set value key data objref quota synproxy connlimit symbol hash bitmap hash:ip hash:net list',
  'hash:ip,port hash:net,iface rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh masq droute ipip route tunnel',
  'docker docker-user docker-isolation-stage docker-forward docker-bridge docker-ct docker-internal docker-ingress isolation stage user forward isolation-stage kube services nodeports postroute prerouting mark-masq mark-drop kubelet canary proxy firewall sep svc xlb ext fw external-services ufw before after logging limit accept deny allow skip-to-policy track reject-input cni hostport setmark netavark aardvark hostport-dnat hostport-setmark portmap libvirt inp fwo fwi fwx prt firewalld ipset',
  // identifiers and files
  'ns net mnt pid ipc uts user cgroup time pid_for_children time_for_children run netns var proc sys etc lib usr bin sbin dev local opt tmp root home thread-self self task fd hidden unreadable mount namespaces shm sock conf hosts resolv nsswitch',
  'nameserver search domain options sortlist ndots timeout attempts rotate edns0 trust-ad single-request single-request-reopen inet6 use-vc no-reload files dns myhostname mymachines resolve mdns4_minimal mdns4 mdns db nis compat notfound success tryagain unavail localhost localhost6 localdomain localdomain4 localdomain6 ip6-localhost ip6-loopback ip6-localnet ip6-mcastprefix ip6-allnodes ip6-allrouters com org arpa in-addr internal lan localhost4',
  'slice scope service system machine init session app kubepods burstable besteffort podman libpod containerd cri-containerd crio systemd docker lxc payload monitor machine-qemu buildkit supervisor user',
)

/** Words of sentences and of settings; a thing of that name is hidden all the same. In lower case. */
const words = set(
  'not the is of no it be its has to could and process cannot are did by was there processes permission only on for does denied asked this that tell rule namespace malformed load answer an address or mounted loaded links koffi can asking without whether were than subnet stat softnet sockets seen nsid nobody nf names here gone get first file engine at answered would within what too times tables sysctls status start something so sends send rules removed regular reading reader reaches reach ptrace one object nothing needed need needs named length leads last large join install inside held grant ends ended connections connection capabilities capability as apt addresses added yet worker while whichever where way vs vethscope values users uses type through them their symbolic switched stopped shows server sender resolved receives received reason readable reached publishing published programs program print policies passed own off observer number nfnetlink never neighbours neighbour ms more modules module modprobe message members member means mean may masquerades many makes lost looked nat tools tool',
  'lies leave learnt lead larger iproute2 into installed ino holds hidepid heard gateway frames fewer families everything errors end empty else directly different destination describe covers containers container conf chains capeff call both behind appeared anything any another again above read netlink route routes known links link set carrier came went came changed gained lost appeared vanished created deleted renamed moved master joined left now old older newer new bigger kernel than support supports supported does try tried again three make made hand by made',
  'cap_chown cap_dac_override cap_dac_read_search cap_fowner cap_fsetid cap_kill cap_setgid cap_setuid cap_setpcap cap_linux_immutable cap_net_bind_service cap_net_broadcast cap_net_admin cap_net_raw cap_ipc_lock cap_ipc_owner cap_sys_module cap_sys_rawio cap_sys_chroot cap_sys_ptrace cap_sys_pacct cap_sys_admin cap_sys_boot cap_sys_nice cap_sys_resource cap_sys_time cap_sys_tty_config cap_mknod cap_lease cap_audit_write cap_audit_control cap_setfcap cap_mac_override cap_mac_admin cap_syslog cap_wake_alarm cap_block_suspend cap_audit_read cap_perfmon cap_bpf cap_checkpoint_restore',
  'eperm eacces enoent esrch einval eopnotsupp etimedout econnrefused enobufs ebusy eio efbig estale enodev ebadmsg emsgsize eintr eagain enxio enotdir eloop',
  'linux x64 x86_64 amd64 arm64 aarch64 riscv64 loong64 generic cloud azure aws gcp debian ubuntu fedora rhel el fc smp preempt rt lts virt xterm 256color screen tmux vt100 dumb nf_tables legacy source test demo utils bridge-utils ss sysctls',
  'iproute iptables iptables-nft iptables-legacy ip6tables nft ipset ipvsadm conntrack tc ss ping traceroute tcpdump docker podman nsenter unshare ctr crictl nerdctl lxc-ls machinectl bridge ethtool node-pty koffi blessed utils libc jc nslookup dig curl wget',
  'docker compose project service number oneoff config-hash version image working_dir config_files depends_on volume network environment com org opencontainers title description licenses url vendor created revision authors documentation ref io kubernetes pod uid namespace sandbox container hash restartcount terminationmessagepath swarm task node id stack deploy enable_icc enable_ip_masquerade host_binding_ipv4 default_bridge mtu name driver enable_ipv6 gateway_mode_ipv4 gateway_mode_ipv6 container_iface_prefix inhibit_ipv4 parent mode ipvlan_mode macvlan_mode ipvlan_flag vxlanid_list overlay dnsrr vip true false yes null driver_opts containers podman rootlessport slirp4netns pasta rootless',
  'created running paused restarting removing exited dead configured stopped stopping bridge network overlay swarm local global pod default slirp4netns pasta warning iptables disabled limitations swap memory support overlay2 storage ip_forward ipv4 ipv6 forwarding bridge-nf-call-iptables bridge-nf-call-ip6tables no',
  'nginx redis postgres mysql mariadb busybox alpine httpd node python golang memcached rabbitmq traefik haproxy registry latest stable library sha256 pause',
  'br_netfilter arp_tables ebtables ip_set ip_tables ip6_tables ip_vs iptable_filter iptable_mangle iptable_nat iptable_raw ip6table_filter ip6table_nat nf_conntrack nf_conntrack_netlink nf_nat nft_compat openvswitch xfrm_user',
  'arp_accept arp_announce arp_filter arp_ignore arp_notify accept_local accept_redirects accept_source_route accept_ra accept_dad proxy_arp proxy_ndp rp_filter route_localnet src_valid_mark send_redirects log_martians ignore_routes_with_linkdown disable_ipv6 bindv6only autoconf addr_gen_mode use_tempaddr',
  'ip_forward ip_nonlocal_bind ip_local_port_range ip_unprivileged_port_start ip_default_ttl ip_no_pmtu_disc ip_forward_use_pmtu icmp_echo_ignore_all icmp_echo_ignore_broadcasts icmp_ratelimit fib_multipath_hash_policy fib_multipath_use_neigh tcp_mtu_probing tcp_fwmark_accept tcp_l3mdev_accept udp_l3mdev_accept raw_l3mdev_accept fwmark_reflect ip_early_demux tcp_syncookies tcp_ecn tcp_tw_reuse nf_conntrack_max nf_conntrack_count nf_conntrack_acct nf_conntrack_helper nf_conntrack_tcp_loose nf_conntrack_tcp_be_liberal nf_conntrack_udp_timeout nf_conntrack_buckets nf_log_all_netns bridge-nf-call-arptables bridge-nf-filter-vlan-tagged bridge-nf-filter-pppoe-tagged bridge-nf-pass-vlan-input-dev neigh gc_thresh1 gc_thresh2 gc_thresh3 netfilter icmp',
  'util libbpf iputils noop hold mounts threads owners ipsec attached events observe build built gnu wget pc openssl libcurl zlib brotli zstd libidn2 libpsl libssh2 nghttp2 librtmp openldap release-date github io utility edition community go api refused neigh gc thresh1 thresh2 thresh3 tagged filter-vlan-tagged 8021q 802.1q 8021ad 802.1ad 802.3ad announce martians net-tools ncat nmap busybox bin busyboxctl multi-call applets entered entry enter opened cover covered belongs belong until while rest less least few much such these those some than then when who whose what whatever about after among because but cannot come comes even every ever exist exists far fit fits found free full given gives go goes good got great hand hands have having help helps here high how i if important into itself just keep keeps kept know later left let like likely little long low might missing most must near neither next nor note now old once ones onto or other others our out part parts past per perhaps place places possible present quite rather real really same see seem seems shall should show side since single size small so soon still take taken takes tells there therefore they thing things those thus together took turn under us used very want wanted was we well went were why wide will without word work works would write writes wrong you your',
  'generated engine edit based host file option overrides ndots0 this managed man do how read sentence be edited manually extservers exthosts',
)

/** Processes of the system and of engines; what a user's own is called stays hidden. */
const processes = set(
  'systemd init sh bash dash zsh sleep cat tail ps top sshd sudo su login cron dbus-daemon dockerd containerd containerd-shim containerd-shim-runc-v2 docker-proxy docker-init tini runc crun conmon podman kubelet kube-proxy coredns flanneld calico-node cilium-agent dnsmasq NetworkManager systemd-network systemd-networkd systemd-resolve systemd-resolved systemd-journal systemd-journald systemd-udevd systemd-logind agetty rsyslogd chronyd ntpd nginx redis-server postgres mysqld node python python3 java ruby php-fpm haproxy envoy traefik unshare nsenter ip tcpdump ping nc socat sshfs MainThread vethscope busybox rootlessport slirp4netns pasta aardvark-dns lxc-start dhclient wpa_supplicant',
)

/** Names that the system gives: eth0, enp3s0, docker0, veth1a2b3c4, br-<id>; numbers in them tell nothing. */
const usualLinks =
  /^(lo|(eth|ens|eno|wlan|wlp|wwan|usb|bond|team|dummy|ifb|tun|tap|wg|br|docker|virbr|lxcbr|lxdbr|podman|cni|cbr|vmbr|vnet|vxlan|gre|gretap|sit|ip6tnl|tunl|erspan|ip_vti|ip6_vti|macvtap|macvlan|ipvlan|nk)\d{1,5}|en[ps][\da-f]{1,4}(s\d{1,3})?(f\d{1,2})?(np\d{1,2}|d\d{1,2})?|wlp\d{1,3}s\d{1,2}|flannel\.\d{1,6}|flannel-v6\.\d{1,6}|cali[\da-f]{11}|veth[\da-f]{0,12}|docker_gwbridge|ingress_sbox|vx-[\da-f]{6}-[\da-z]{5}|cilium_(host|net|vxlan)|nodelocaldns|kube-(ipvs|bridge)\d?)([.:]\d{1,4})?$/

export function isSyntax(word: string): boolean {
  return syntax.has(word.toLowerCase())
}

export function isWord(word: string): boolean {
  return words.has(word.toLowerCase())
}

export function isUsualLink(name: string): boolean {
  return usualLinks.test(name)
}

/** Names of things that come with the system; whoever gives a thing such a name gives nothing away. */
const usualNames = set(
  'host init default none bridge docker podman ingress localhost loopback docker_gwbridge filter nat mangle raw security main local all',
)

export function isUsualName(name: string): boolean {
  return usualNames.has(name) || isUsualLink(name)
}

export function isUsualProcess(name: string): boolean {
  return processes.has(name)
}
