/** Numbers that follow from a key and a text, and from which neither can be found out again. */
import { createHmac } from 'node:crypto'

export type Hash = (purpose: string, text: string) => Buffer

/** 32 bytes, always the same for the same key, purpose and text. */
export function keyedHash(key: Uint8Array): Hash {
  return (purpose, text) => createHmac('sha256', key).update(`${purpose}\0${text}`).digest()
}
