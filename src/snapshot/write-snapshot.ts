/**
 * Writes a World as a file: JSON, compressed when the name ends in `.gz`. The file is made anew (never over an
 * existing one, never through a link), readable by its owner only, whole or not at all.
 */
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Outcome } from '../lib/failure.ts'
import { writeNewFile, type WrittenFile } from '../lib/new-file.ts'
import type { World } from '../model/world.ts'
import { worldJson } from './world-json.ts'

export async function writeSnapshot(
  world: World,
  file: string,
  options: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome<WrittenFile>> {
  return writeNewFile(file, (handle) => pour(world, file, handle, options.signal), options.env)
}

async function pour(
  world: World,
  file: string,
  to: FileHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  const json = Readable.from(worldJson(world))
  const write = async (pieces: AsyncIterable<string | Buffer>) => {
    // Goes on where the last call ended, and loops until all of the piece is written.
    for await (const piece of pieces) await to.writeFile(piece)
  }
  if (file.endsWith('.gz')) await pipeline(json, createGzip(), write, options)
  else await pipeline(json, write, options)
}
