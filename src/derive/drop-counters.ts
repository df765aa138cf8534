/**
 * Counters that tell of lost packets, each with what it means: Documentation/networking/snmp_counter.rst and
 * statistics.rst of the kernel, linux/if_link.h, and the places in the kernel that count them.
 */

/** struct rtnl_link_stats64, by the model's names. */
export const linkCounters = {
  rxDropped: 'came in and was thrown away: no room, or nobody on this link takes such packets',
  rxErrors: 'came in damaged',
  rxMissed: 'the device had no room left to take it in',
  rxNohandler: 'came in on a link that is not to receive, such as a standby member of a bond',
  txDropped: 'was to go out and was thrown away: the link or its peer is down, or its queue is full',
  txErrors: 'could not be sent',
  txCarrier: 'could not be sent: the carrier went away',
  collisions: 'collided on the wire',
} as const

export const qdiscDrops =
  'thrown away while queueing: the queue was full, or a rate limit or netem asked for it'

/** /proc/net/snmp, netstat and snmp6, by `Group.Name`. */
export const protocolCounters: Readonly<Record<string, string>> = {
  'Ip.InHdrErrors': 'the IPv4 header was wrong, or the TTL had run out',
  'Ip.InAddrErrors': 'was for an address that is not here, and this namespace does not forward',
  'Ip.InUnknownProtos': 'nobody here takes that protocol',
  'Ip.InDiscards': 'came in without fault and was thrown away (no memory, for instance)',
  'Ip.OutDiscards': 'was to go out without fault and was thrown away (no memory, for instance)',
  'Ip.OutNoRoutes': 'no route leads to where it was to go',
  'Ip.ReasmTimeout': 'some of its fragments never came',
  'Ip.ReasmFails': 'could not be put together from its fragments',
  'Ip.FragFails': 'larger than the MTU ahead, and may not be cut into fragments',
  'IpExt.InNoRoutes': 'no route leads on to where it was to go',
  'IpExt.InTruncatedPkts': 'was shorter than its header said',
  'IpExt.InCsumErrors': 'the checksum of the IPv4 header was wrong',
  'Icmp.InErrors': 'an ICMP message was damaged, or about a connection that is not here',
  'Icmp.InCsumErrors': 'the checksum of an ICMP message was wrong',
  'Icmp.InDestUnreachs': 'others said that our packets did not arrive',
  'Icmp.OutDestUnreachs': 'senders were told that their packets did not arrive here',
  'Icmp.InTimeExcds': 'others said that the TTL of our packets ran out (traceroute does that too)',
  'Tcp.AttemptFails': 'a TCP connection did not come about',
  'Tcp.RetransSegs': 'was sent again, because no acknowledgement came',
  'Tcp.InErrs': 'a TCP segment was damaged',
  'Tcp.InCsumErrors': 'the checksum of a TCP segment was wrong',
  'TcpExt.ListenOverflows': 'a new connection found the queue of its listening socket full',
  'TcpExt.ListenDrops': 'a new connection was dropped by its listening socket',
  'TcpExt.TCPReqQFullDrop': 'too many half-open connections at a listening socket',
  'TcpExt.TCPBacklogDrop': 'the socket was busy and its backlog full',
  'TcpExt.TCPRcvQDrop': 'the receive queue of the socket was full',
  'TcpExt.TCPOFODrop': 'came out of order, and there was no memory to keep it',
  'TcpExt.TCPZeroWindowDrop': 'the reader is slow: its window was 0',
  'TcpExt.RcvPruned': 'the receive buffer was overfull, so data was thrown away',
  'TcpExt.OfoPruned': 'data out of order was thrown away to make room',
  'TcpExt.PruneCalled': 'a receive buffer was full and had to be tidied',
  'TcpExt.PFMemallocDrop': 'memory was so short that only swapping had any',
  'TcpExt.TCPMinTTLDrop': 'the TTL was below what the socket asks for',
  'TcpExt.TCPDeferAcceptDrop': 'an acknowledgement without data, at a socket that waits for data',
  'TcpExt.TCPTimeWaitOverflow': 'too many closed connections at once (tcp_max_tw_buckets)',
  'TcpExt.TCPTimeouts': 'waited in vain for an acknowledgement',
  'TcpExt.TCPSynRetrans': 'a connection attempt had to be repeated',
  'TcpExt.TCPAbortOnTimeout': 'a connection was given up, because no answer came any more',
  'TcpExt.TCPAbortOnMemory': 'a connection was given up for lack of memory',
  'TcpExt.TCPRetransFail': 'could not be sent again',
  'TcpExt.PAWSEstab': 'its timestamp was too old (hosts behind one NAT address may do that)',
  'TcpExt.SyncookiesFailed': 'an answer to a SYN cookie was wrong',
  'TcpExt.OutOfWindowIcmps': 'an ICMP message did not fit the connection it named',
  'TcpExt.LockDroppedIcmps': 'an ICMP message came while its socket was busy',
  'TcpExt.ArpFilter': 'an ARP question was not answered (arp_filter)',
  'TcpExt.IPReversePathFilter': 'came in by another link than the way back (rp_filter)',
  'Udp.NoPorts': 'no socket listens on that UDP port',
  'Udp.InErrors': 'a UDP packet could not be handed to its socket',
  'Udp.RcvbufErrors': 'the receive buffer of its UDP socket was full',
  'Udp.SndbufErrors': 'the send buffer of its UDP socket was full',
  'Udp.InCsumErrors': 'the checksum of a UDP packet was wrong',
  'Udp.MemErrors': 'UDP used up its memory (udp_mem)',
  'Ip6.InHdrErrors': 'the IPv6 header was wrong, or the hop limit had run out',
  'Ip6.InTooBigErrors': 'larger than the MTU of the link ahead',
  'Ip6.InNoRoutes': 'no route leads on to where it was to go (IPv6)',
  'Ip6.InAddrErrors': 'was for an IPv6 address that is not here, and this namespace does not forward',
  'Ip6.InUnknownProtos': 'nobody here takes that protocol (IPv6)',
  'Ip6.InTruncatedPkts': 'was shorter than its IPv6 header said',
  'Ip6.InDiscards': 'came in without fault and was thrown away (IPv6)',
  'Ip6.OutDiscards': 'was to go out without fault and was thrown away (IPv6)',
  'Ip6.OutNoRoutes': 'no IPv6 route leads to where it was to go',
  'Ip6.ReasmTimeout': 'some of its fragments never came (IPv6)',
  'Ip6.ReasmFails': 'could not be put together from its fragments (IPv6)',
  'Ip6.FragFails': 'could not be cut into fragments (IPv6)',
  'Icmp6.InErrors': 'an ICMPv6 message was damaged, or about a connection that is not here',
  'Icmp6.InCsumErrors': 'the checksum of an ICMPv6 message was wrong',
  'Icmp6.InDestUnreachs': 'others said that our IPv6 packets did not arrive',
  'Icmp6.InPktTooBigs': 'others said that our IPv6 packets were too large',
  'Udp6.NoPorts': 'no socket listens on that UDP port (IPv6)',
  'Udp6.InErrors': 'a UDP packet could not be handed to its socket (IPv6)',
  'Udp6.RcvbufErrors': 'the receive buffer of its UDP socket was full (IPv6)',
  'Udp6.SndbufErrors': 'the send buffer of its UDP socket was full (IPv6)',
  'Udp6.InCsumErrors': 'the checksum of a UDP packet was wrong (IPv6)',
}

/** As conntrack -S names them (net/netfilter/nf_conntrack_core.c). */
export const conntrackCounters: Readonly<Record<string, string>> = {
  insert_failed: 'a new connection clashed with one that is there, and its packet was dropped',
  drop: 'a new connection was not taken: the table is full, or there was no memory',
  early_drop: 'a connection was forgotten early, to make room in the full table',
  chain_toolong: 'a new connection was not taken: its hash chain is too long',
  invalid: 'belongs to no connection that is known; a rule for INVALID drops it',
  error: 'conntrack could not make sense of it',
}

/** Summed over the processors; the machine's, not the namespace's. */
export const softnetCounters: Readonly<Record<string, string>> = {
  dropped: 'a processor got more packets than its queue holds (net.core.netdev_max_backlog)',
  time_squeeze: 'a processor had to stop receiving before it was done: later, not lost',
  flow_limit_count: 'one flow filled the queue of its processor (flow limit)',
}

export const neighbourStates: Readonly<Record<string, string>> = {
  FAILED: 'addresses on the link that nobody answers for: packets to them are dropped',
  INCOMPLETE: 'addresses on the link that are being asked for: packets to them wait',
}

export const neighbourOverflow =
  'entries, and the table is full (gc_thresh3): new addresses cannot be reached'
