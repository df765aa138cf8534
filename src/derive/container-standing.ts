import type { Container } from '../model/engine.ts'
import { portText } from './port-text.ts'

/** How a container without a namespace of its own stands: `shares redis123's namespace`, `mode host`. */
export function standingText(container: Container, shares: string | null): string {
  if (container.modeKind === 'host') return shares === null ? 'mode host' : `mode host of ${shares}`
  return shares === null ? 'mode host' : `shares ${shares}'s namespace`
}

/** Each once: an engine lists a port for IPv4 and for IPv6. */
export function portTexts({ ports }: Pick<Container, 'ports'>): readonly string[] {
  return [...new Set(ports.map(portText))]
}
