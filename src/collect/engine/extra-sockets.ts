/** More sockets at which engines may be asked: paths that the user's config names. */
export type ExtraSockets = {
  readonly docker?: readonly string[] | undefined
  readonly podman?: readonly string[] | undefined
}

export const noSocket = 'the config file names it, and there is no socket'
