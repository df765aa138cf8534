/** Text that some reader of YAML would take for something else where it stands without quotes. */

/**
 * Readers of YAML 1.1 are still common (Ansible, Python): there `no` is false, `8080:53` a number of base 60, `0755` one of base 8,
 * `1_000` a thousand, `2026-11-21` a date.
 */
const otherThanText = [
  /^(?:y|n|yes|no|on|off|true|false|null|~)$/i,
  /^[-+]?[\d_,]*\.?[\d_,]*(?:e[-+]?\d*)?$/i,
  /^[-+]?\d[\d_]*(?::\d+)+(?:\.[\d_]*)?$/,
  // Not itself, but others like it: all ports look alike.
  /^[\d-]+:\d/,
  /^[-+]?0[bxo]?[\da-f_]+$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^\d{4}-\d/,
  /^=$|^<<$/,
]

/** Letters, digits and what stands in names, addresses and prefixes, but nothing that YAML gives a meaning where it stands. */
const plain = /^[A-Za-z0-9_./][A-Za-z0-9_./:@+%-]*$/

export function misread(text: string): boolean {
  return !plain.test(text) || text.endsWith(':') || otherThanText.some((each) => each.test(text))
}
