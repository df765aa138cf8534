/** One action a screen. A part of the table in actions.ts. */
import { screens, type ScreenId } from './screens.ts'
import type { State } from './state.ts'
import { canOpenNetworkRules, networkRulesOpened } from './update/network-rules.ts'
import { turnedTo } from './update/jump.ts'
import { canOpenRules, rulesOpened } from './update/rules.ts'
import type { Step } from './update/step.ts'

function toScreen(
  id: ScreenId,
  about: string,
  enabled: (state: State) => true | string = () => true,
  opened: (state: State) => State = (state) => turnedTo(state, id),
) {
  const title = `${screens.find((screen) => screen.id === id)?.title ?? id}: ${about}`
  return {
    title,
    group: 'looking',
    footer: null,
    enabled,
    run: (state: State): Step => [opened(state)],
  } as const
}

export const screenActions = {
  'network-rules': {
    title: 'rules that name its bridge',
    group: 'thing',
    footer: null,
    enabled: canOpenNetworkRules,
    run: (state: State): Step => [networkRulesOpened(state)],
  },
  'screen-topology': toScreen('topology', 'what is connected to what'),
  'screen-namespaces': toScreen('namespaces', 'each with its routes, sockets and settings'),
  'screen-rules': toScreen('rules', 'the firewall of the selected namespace', canOpenRules, rulesOpened),
  'screen-ports': toScreen('ports', 'what is published, who listens, connections'),
  'screen-networks': toScreen('networks', 'of Docker, Podman and lab; who is on them'),
  'screen-probes': toScreen('probes', 'what was sent from inside namespaces, and captures'),
  'screen-log': toScreen('log', 'changes, events, commands'),
} as const
