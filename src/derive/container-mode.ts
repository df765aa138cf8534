import type { Container } from '../model/engine.ts'

/** `bridge`, `host`, `none`, `network tomcat-net`, `in a pod`; a container's id is no word for people, so `container` alone. */
export function containerModeText({ modeKind, mode, endpoints }: Container): string {
  switch (modeKind) {
    case 'network': {
      const names = endpoints.map(({ network }) => network)
      return `network ${names.length === 0 ? mode : names.join(', ')}`
    }
    case 'pod':
      return 'pod'
    case 'unknown':
      return mode === '' ? 'unknown' : mode
    default:
      return modeKind
  }
}
