/**
 * Whether a file's JSON is a record of a lab. The same as the schemas of model/lab.ts say (a test holds the two together), without zod, which
 * takes longer to load than all labs to read.
 */
import {
  listOf,
  maybe,
  number,
  of,
  oneOf,
  orNull,
  text,
  textOrNull,
  textsByName,
  yesOrNo,
} from '../../lib/shape.ts'
import { labDrivers, nodeModes } from '../../model/lab-words.ts'

export const isNetworkRecord = of({
  name: text,
  driver: oneOf(labDrivers),
  bridge: textOrNull,
  ownsBridge: yesOrNo,
  added: maybe(listOf(text)),
  kept: maybe(listOf(text)),
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
