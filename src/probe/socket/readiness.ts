/**
 * Being told when a descriptor can be read or written, in Node's loop. koffi.node.poll does it without delay; it must not
 * be used in a worker thread (collect/kernel/libc.ts), and the helper is a process.
 */
import type * as Koffi from 'koffi'

export type Readiness = {
  /**
   * Calls back whenever it is so, also with an error to be fetched, until it is closed. Close it before the descriptor.
   */
  watch(
    fd: number,
    events: { readonly readable?: boolean; readonly writable?: boolean },
    ready: () => void,
  ): {
    close(): void
  }
}

export function watching(koffi: typeof Koffi): Readiness {
  return {
    watch: (fd, events, ready) => {
      let closed = false
      const called = (): void => {
        if (closed) return
        ready()
        // An error ends libuv's own watch (uv__poll_io): without one more start the next would not be told.
        if (!closed) handle.start({ ...events }, called)
      }
      const handle = koffi.node.poll(fd, { ...events }, called)
      return {
        close: () => {
          if (closed) return
          closed = true
          handle.close()
        },
      }
    },
  }
}
