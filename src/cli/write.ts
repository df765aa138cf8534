/** Standard output and error, written to the end, and quiet when the reader went away (`vethscope show | head`). */
export type Written = 'all' | 'closed'

/** Resolves when the stream took it all. Rejects with what went wrong, except that a closed pipe is no error. */
export function write(stream: NodeJS.WritableStream, text: string | Uint8Array): Promise<Written> {
  // The callback tells the same as the event, but an event without a listener would end the program.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {})
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null) resolve('all')
      else if ('code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'))
        resolve('closed')
      else reject(error)
    })
  })
}

export async function writeAll(stream: NodeJS.WritableStream, pieces: Iterable<string>): Promise<Written> {
  for (const piece of pieces) {
    if ((await write(stream, piece)) === 'closed') return 'closed'
  }
  return 'all'
}
