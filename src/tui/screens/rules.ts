/** Screen 3: the firewall of a namespace as chains, each rule also in words. */
import { netnsOf, shown } from '../select/shown.ts'
import { rulesCommand } from '../select/rules-command.ts'
import { rulesNeeds, selectedRule } from '../select/rules.ts'
import { noRules, placeIn } from '../rules-state.ts'
import type { State } from '../state.ts'
import { growthReset, hasTables, rulesFilterTyped, tableTurned } from '../update/rules.ts'
import { canFollowRule, followedRule } from '../update/rules-follow.ts'
import {
  canEnterRule,
  canLeaveRule,
  movedInRules,
  ruleFocusTurned,
  selectedAt,
  wentIntoRule,
  wentOutOfRule,
} from '../update/rules-move.ts'
import { rulesPlaced } from '../update/rules-place.ts'
import { canTurnRules, rulesTurned } from '../update/rules-turn.ts'
import { rulesCount, rulesCrumbs } from '../view/rules-heading.ts'
import { rulesRegions } from '../view/rules.ts'
import type { About } from './about.ts'
import type { Screen } from './screen.ts'

export const rulesScreen: Screen = {
  regions: rulesRegions,
  needs: rulesNeeds,
  placed: (_, state) => rulesPlaced(state),
  moved: movedInRules,
  follow: { can: canFollowRule, run: followedRule },
  out: { can: canLeaveRule, run: wentOutOfRule },
  in: { can: canEnterRule, run: wentIntoRule },
  pane: ruleFocusTurned,
  close: {
    can: ({ rules }) =>
      rules.filter.text === undefined && rules.focus === 'rows' ? 'nothing is open; q quits' : true,
    run: (state) => (state.rules.focus === 'words' ? ruleFocusTurned(state) : rulesFilterTyped(state, '')),
  },
  filter: {
    text: ({ rules }) => rules.filter.text ?? '',
    typed: rulesFilterTyped,
    told: (state) => ({ count: rulesCount(state), problem: null }),
  },
  marked: { can: () => 'rules are not marked', run: (state) => state },
  allMarked: () => [],
  turned: { what: () => 'table', can: hasTables, run: tableTurned },
  netns: { can: canTurnRules, run: rulesTurned },
  growth: { can: () => true, run: growthReset },
  columns: null,
  crumbs: rulesCrumbs,
  about: aboutRule,
  isThere: (state, place) =>
    place.screen === 'rules' &&
    place.place.netns !== null &&
    netnsOf(shown(state).world, place.place.netns) !== null,
  went: (state, place) => {
    if (place.screen !== 'rules') return state
    // Growth is counted on, where it is that of the same namespace.
    const counted =
      state.rules.netns === place.place.netns ? state.rules : { ...noRules, marksSince: state.now }
    return { ...state, rules: { ...counted, ...placeIn(place.place), locate: null, turning: null } }
  },
  clicked: (state, region, line) => (region === 'rules' ? selectedAt(state, state.rules.top + line) : null),
}

function aboutRule(state: State): About | null {
  const { netns } = state.rules
  const { world } = shown(state)
  const row = selectedRule(state)
  if (netns === null || world === null || row === null) return null
  const name = row.number === null ? row.title : `rule ${row.number} of ${row.about}`
  return {
    label: name,
    netns,
    ifindex: null,
    container: null,
    command: rulesCommand(world, netns, row),
    values: [
      ...(row.text === '' ? [] : [{ what: 'rule', text: row.text }]),
      ...(row.words === '' ? [] : [{ what: 'words', text: row.words }]),
      ...(row.owner === null ? [] : [{ what: 'owner', text: row.owner.name }]),
    ],
  }
}
