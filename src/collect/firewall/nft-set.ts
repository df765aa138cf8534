import type { NftSet } from '../../model/ruleset.ts'
import { isObject, listIn, numberIn, stringIn, stringsIn, type Json } from './nft-json.ts'
import { expressionText } from './nft-text.ts'

/** A named set, map or verdict map. A map's type names both sides: `ipv4_addr . inet_service : verdict`. */
export function setOfNft(kind: 'set' | 'map', object: Json): NftSet {
  const key = typeText(object['type'])
  return {
    name: stringIn(object, 'name') ?? '',
    kind,
    type: kind === 'set' ? key : `${key} : ${typeText(object['map'])}`,
    flags: stringsIn(object, 'flags'),
    elements: listIn(object, 'elem').map(elementOf),
  }
}

/** A list where the type is a concatenation; `{ typeof: … }` in newer versions. */
function typeText(type: unknown): string {
  if (Array.isArray(type)) return type.map(typeText).join(' . ')
  return typeof type === 'string' ? type : expressionText(type)
}

/** `KEY`, `[KEY, VALUE]`, and either of them within `elem` where there is more to say. */
function elementOf(element: unknown): NftSet['elements'][number] {
  const [key, value] = Array.isArray(element) ? (element as readonly unknown[]) : [element, null]
  const elem = isObject(key) ? key['elem'] : undefined
  const more = isObject(elem) ? elem : null
  return {
    key: expressionText(more === null ? key : more['val']),
    value: value === null || value === undefined ? null : expressionText(value),
    timeout: more === null ? null : numberIn(more, 'timeout'),
    comment: more === null ? null : stringIn(more, 'comment'),
  }
}
