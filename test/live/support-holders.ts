/** Processes on a test host that hold a namespace in ways that leave no name behind. */
import type { TestHost } from '../support/host.ts'

const socketHolder = `
import ctypes, os, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
home, there = os.open('/proc/self/ns/net', os.O_RDONLY), os.open(sys.argv[1], os.O_RDONLY)
assert libc.setns(there, 0) == 0
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
assert libc.setns(home, 0) == 0
os.close(there); os.close(home)
print(os.getpid(), flush=True)
time.sleep(3600)
`

/** Deletes the name `netns`; afterwards a socket is all that holds it (setns(2) there and back around socket(2)). */
export async function holdBySocket(host: TestHost, netns: string): Promise<number> {
  const pid = Number(await host.start(['python3', '-c', socketHolder, `/run/netns/${netns}`]))
  host.ip(`netns del ${netns}`)
  return pid
}

/** The same by an open file. */
export async function holdByFile(host: TestHost, netns: string): Promise<number> {
  const script = 'exec 9<"/run/netns/$0" && ip netns del "$0" && echo $$ && exec sleep 3600'
  return Number(await host.start(['sh', '-c', script, netns]))
}
