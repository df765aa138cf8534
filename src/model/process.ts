import { z } from 'zod'
import { known, netnsIdSchema, type Frozen } from './schema.ts'

/** A Linux process, as far as its namespaces matter. */
export const processSchema = z.object({
  pid: z.number().int(),
  ppid: z.number().int(),
  /** Clock ticks after boot (/proc/PID/stat field 22): tells a process from a later one with the same pid. */
  startTime: z.number(),
  comm: z.string(),
  uid: z.number(),
  cgroup: known(z.string()),
  netns: known(netnsIdSchema),
  /** Inodes of the other namespaces: mnt, pid, ipc, uts, user. */
  namespaces: known(z.record(z.string(), z.string())),
  /** The command line; only of programs that publish ports and say which in it (docker-proxy, pasta), and of Podman's service. */
  args: z.array(z.string()).optional(),
})

/** DNS configuration of one mount namespace, as a process in it sees it. */
export const dnsSchema = z.object({
  /** Inode of the mount namespace. */
  mountNamespace: z.string(),
  netns: z.array(netnsIdSchema),
  /** Where it was read: a process's root, or /etc/netns/NAME. */
  path: z.string(),
  resolvConf: known(z.string()),
  hosts: known(z.string()),
  /** The `hosts:` line of nsswitch.conf. */
  nsswitch: known(z.string()),
})

export type Process = Frozen<z.infer<typeof processSchema>>
export type Dns = Frozen<z.infer<typeof dnsSchema>>
