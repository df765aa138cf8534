/** A value as JSON in Markdown, in as few lines as can be read. */
export function fenced(value: unknown): string {
  return `\`\`\`json\n${layOut(value, '', 100)}\n\`\`\``
}

/** Like JSON.stringify with indentation, but what fits on a line stands on one. */
function layOut(value: unknown, indent: string, room: number): string {
  const flat = flatOf(value)
  if (flat.length + indent.length <= room || typeof value !== 'object' || value === null) return flat
  const deeper = `${indent}  `
  const members = Array.isArray(value)
    ? value.map((member) => layOut(member, deeper, room))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${layOut(member, deeper, room)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${members.map((member) => deeper + member).join(',\n')}\n${indent}${close}`
}

function flatOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${flatOf(member)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
