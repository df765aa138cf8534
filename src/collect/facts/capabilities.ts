/** What this process may do: CapEff of /proc/self/status, in the names of capabilities(7). */
import { unknown, type Known } from '../../model/known.ts'
import { reasonOf, type ReadProc } from '../kernel/details/read-proc.ts'

/** By number (linux/capability.h). */
const names = [
  'cap_chown',
  'cap_dac_override',
  'cap_dac_read_search',
  'cap_fowner',
  'cap_fsetid',
  'cap_kill',
  'cap_setgid',
  'cap_setuid',
  'cap_setpcap',
  'cap_linux_immutable',
  'cap_net_bind_service',
  'cap_net_broadcast',
  'cap_net_admin',
  'cap_net_raw',
  'cap_ipc_lock',
  'cap_ipc_owner',
  'cap_sys_module',
  'cap_sys_rawio',
  'cap_sys_chroot',
  'cap_sys_ptrace',
  'cap_sys_pacct',
  'cap_sys_admin',
  'cap_sys_boot',
  'cap_sys_nice',
  'cap_sys_resource',
  'cap_sys_time',
  'cap_sys_tty_config',
  'cap_mknod',
  'cap_lease',
  'cap_audit_write',
  'cap_audit_control',
  'cap_setfcap',
  'cap_mac_override',
  'cap_mac_admin',
  'cap_syslog',
  'cap_wake_alarm',
  'cap_block_suspend',
  'cap_audit_read',
  'cap_perfmon',
  'cap_bpf',
  'cap_checkpoint_restore',
]

export function readCapabilities(read: ReadProc): Known<readonly string[]> {
  const status = read('thread-self/status')
  if (typeof status !== 'string') return unknown(`/proc/self/status: ${reasonOf(status)}`)
  const mask = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status)?.[1]
  return mask === undefined
    ? unknown('/proc/self/status has no CapEff')
    : capabilityNames(BigInt(`0x${mask}`))
}

/** A number that a newer kernel has is named as `capsh` names it. */
export function capabilityNames(mask: bigint): readonly string[] {
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => ((mask >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => names[bit] ?? `${bit}`)
}
