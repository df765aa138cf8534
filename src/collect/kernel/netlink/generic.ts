/** Generic netlink: each family has a number that the kernel gave it at run time (linux/genetlink.h). */
import { attributes, u16, walk, type Bytes } from './bytes.ts'
import { attribute } from './build.ts'
import type { Answer, Netlink } from './socket.ts'

const GENL_ID_CTRL = 16
const CTRL_CMD_GETFAMILY = 3
const CTRL_ATTR_FAMILY_ID = 1
const CTRL_ATTR_FAMILY_NAME = 2
/** struct genlmsghdr: cmd, version, reserved. */
const headerSize = 4
const table = attributes(CTRL_ATTR_FAMILY_NAME)

/** The payload of a generic netlink request. */
export function genericRequest(command: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([command, 1, 0, 0]), ...parts])
}

/**
 * The number of a family. Asking for one that is not there makes the kernel load its module: ask only where
 * something shows that it is in use.
 */
export function familyNumber(netlink: Netlink, name: string): Answer<number> {
  const request = genericRequest(CTRL_CMD_GETFAMILY, attribute(CTRL_ATTR_FAMILY_NAME, name))
  return netlink.request(GENL_ID_CTRL, 0, request, parseFamily)
}

function parseFamily(bytes: Bytes, start: number, end: number): number | null {
  walk(bytes, Math.min(start + headerSize, end), end, table)
  return u16(bytes, table, CTRL_ATTR_FAMILY_ID)
}
