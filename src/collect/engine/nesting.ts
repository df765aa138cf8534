/** How deep JSON is nested, seen from its text: what is made of deep JSON by recursion would overflow the stack. */

/** An engine's answers have about ten. */
const mostLevels = 100

const code = (character: string): number => character.charCodeAt(0)
const [quote, backslash, list, object, listEnd, objectEnd] = ['"', '\\', '[', '{', ']', '}'].map(code)

/** `json` need not be valid. */
export function isTooDeep(json: string): boolean {
  let levels = 0
  let isText = false
  for (let at = 0; at < json.length; at += 1) {
    const here = json.charCodeAt(at)
    if (isText) {
      if (here === backslash) at += 1
      else if (here === quote) isText = false
    } else if (here === quote) isText = true
    else if (here === list || here === object) {
      levels += 1
      if (levels > mostLevels) return true
    } else if (here === listEnd || here === objectEnd) levels -= 1
  }
  return false
}
