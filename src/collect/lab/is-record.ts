/**
 * Whether a file's JSON is a record of a lab. The same as the schemas of model/lab.ts say (a test holds the two together), without zod, which
 * takes longer to load than all labs to read.
 */
import { labDrivers, nodeModes } from '../../model/lab-words.ts'

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const number: Check = (value) => typeof value === 'number'
const yesOrNo: Check = (value) => typeof value === 'boolean'
const textOrNull: Check = (value) => value === null || text(value)

const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value)

const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((each: unknown) => check(each))

const textsByName: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => text(each))

const of =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([key, check]) => check((value as Readonly<Record<string, unknown>>)[key]))

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)

export const isNetworkRecord = of({
  name: text,
  driver: oneOf(labDrivers),
  bridge: textOrNull,
  ownsBridge: yesOrNo,
  added: maybe(listOf(text)),
  parent: textOrNull,
  mode: textOrNull,
  vxlan: orNull(of({ link: text, vni: number, local: text, remotes: listOf(text), dstport: number })),
  subnets: listOf(of({ subnet: text, gateway: textOrNull, ipRange: textOrNull })),
  mtu: number,
  mac: textOrNull,
  internal: yesOrNo,
  ipv6: yesOrNo,
  icc: yesOrNo,
  masquerade: yesOrNo,
  acceptInForeign: yesOrNo,
  options: textsByName,
  labels: textsByName,
  created: text,
})

export const isNodeRecord = of({
  name: text,
  mode: oneOf(nodeModes),
  of: textOrNull,
  endpoints: listOf(
    of({
      network: text,
      link: text,
      hostLink: textOrNull,
      mac: text,
      ipv4: textOrNull,
      ipv6: textOrNull,
      aliases: listOf(text),
      isDefault: yesOrNo,
      links: listOf(of({ node: text, alias: text })),
    }),
  ),
  ports: listOf(
    of({ hostIp: text, hostPort: Number.isInteger, port: Number.isInteger, protocol: oneOf(['tcp', 'udp']) }),
  ),
  ownsEtcNetns: maybe(yesOrNo),
  created: text,
})

export const isMasqueradeRecord = of({ at: text, subnet: text, out: textOrNull })
