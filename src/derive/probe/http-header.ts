/** Headers that are sent. */
export type Header = { readonly name: string; readonly value: string }

/** `Name: value` (RFC 9110 5.1, 5.5). null: it cannot be sent. */
export function parseHeader(line: string): Header | null {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? []
  return name === undefined || value === undefined ? null : { name, value: value.trim() }
}

/** Whatever was asked for goes before what is sent anyway; one without a value is left out. */
export function sentHeaders(usual: readonly Header[], asked: readonly Header[]): readonly Header[] {
  const names = new Set(asked.map(({ name }) => name.toLowerCase()))
  return [
    ...usual.filter(({ name }) => !names.has(name.toLowerCase())),
    ...asked.filter(({ value }) => value !== ''),
  ]
}

/** What tells who asks: it is not for another host that a redirect leads to. */
export function isPersonal({ name }: Header): boolean {
  return /^(authorization|proxy-authorization|cookie|host)$/i.test(name)
}
