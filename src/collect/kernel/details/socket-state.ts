/** enum of net/tcp_states.h, which all protocols borrow, in the words of `ss`. */
const states: Readonly<Record<number, string>> = {
  1: 'ESTAB',
  2: 'SYN-SENT',
  3: 'SYN-RECV',
  4: 'FIN-WAIT-1',
  5: 'FIN-WAIT-2',
  6: 'TIME-WAIT',
  7: 'UNCONN',
  8: 'CLOSE-WAIT',
  9: 'LAST-ACK',
  10: 'LISTEN',
  11: 'CLOSING',
  // A request that has no socket yet; it is a SYN-RECV to everyone but the kernel's own tables.
  12: 'SYN-RECV',
  13: 'BOUND-INACTIVE',
}

export function socketState(state: number): string {
  return states[state] ?? `state ${state}`
}
