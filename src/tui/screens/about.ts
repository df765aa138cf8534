import type { PointedEnd } from '../../derive/probe/targets.ts'
import type { NetnsId } from '../../model/ids.ts'

/** What the keys act on: the selected thing of whatever screen. */
export type About = {
  /** As people call it: `vethe8201cd in host`. Outside text. */
  readonly label: string
  /** The namespace it is in; null: in none. */
  readonly netns: NetnsId | null
  readonly ifindex: number | null
  /** The id of the container that it is, or is of. */
  readonly container: string | null
  /** `y`: shows the same without this program; null: nothing does. */
  readonly command: string | null
  /** `Y`: what is worth copying, best first: `address`, `172.17.0.3`. */
  readonly values: readonly { readonly what: string; readonly text: string }[]
  /** Where a probe of it starts, if that is another namespace. */
  readonly probedFrom?: NetnsId | null
  /** Where such a probe may go: a socket's address, a connection's far end. */
  readonly ends?: readonly PointedEnd[]
}
