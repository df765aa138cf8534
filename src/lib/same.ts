/** Whether two values of plain JSON say the same. Ends at the first difference, and makes no text to compare. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  // In JSON nothing is undefined, so a key that only one has makes a difference. A loop: tables have thousands of rows.
  for (const key of keys) {
    const [left, right] = [a[key], b[key]]
    if (left !== right && !same(left, right)) return false
  }
  return true
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
