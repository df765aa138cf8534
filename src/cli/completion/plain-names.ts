/** A name in which a shell could see anything else than a name: it can still be typed, in quotes. */
const plain = /^[\p{L}\p{N}_.@%+/][\p{L}\p{N}_.:@%+/,-]*$/u

/** Those that can be offered as they are. */
export function plainNames(names: readonly string[]): readonly string[] {
  return names.filter((name) => plain.test(name))
}
