import type { ScreenId } from '../screens.ts'
import type { State } from '../state.ts'
import { namespacesScreen } from './namespaces.ts'
import { logScreen } from './log.ts'
import { networksScreen } from './networks.ts'
import { portsScreen } from './ports.ts'
import { probesScreen } from './probes.ts'
import { rulesScreen } from './rules.ts'
import type { Screen } from './screen.ts'
import { topologyScreen } from './topology.ts'

/** Looked up when it is asked for: screens and what they lead to import each other. */
export function screenCalled(id: ScreenId): Screen {
  switch (id) {
    case 'topology':
      return topologyScreen
    case 'namespaces':
      return namespacesScreen
    case 'rules':
      return rulesScreen
    case 'ports':
      return portsScreen
    case 'networks':
      return networksScreen
    case 'probes':
      return probesScreen
    case 'log':
      return logScreen
    default:
      return id satisfies never
  }
}

export function screenOf({ screen }: Pick<State, 'screen'>): Screen {
  return screenCalled(screen)
}
