/** World and wish → plan. The table of planners: one an intent. */
import type { Intent } from '../model/intent.ts'
import type { Plan } from '../model/plan.ts'
import type { World } from '../model/world.ts'
import { engineNetConnect } from './engine/engine-net-connect.ts'
import { engineNetCreate } from './engine/engine-net-create.ts'
import { engineNetDisconnect } from './engine/engine-net-disconnect.ts'
import { engineNetPrune } from './engine/engine-net-prune.ts'
import { engineNetRm } from './engine/engine-net-rm.ts'
import { netApply } from './file/net-apply.ts'
import { netConnect } from './lab/net-connect.ts'
import { netCreate } from './lab/net-create.ts'
import { netDisconnect } from './lab/net-disconnect.ts'
import { netPrune } from './lab/net-prune.ts'
import { netPublish, netUnpublish } from './lab/net-publish.ts'
import { netRm } from './lab/net-rm.ts'
import { nodeAdd } from './lab/node-add.ts'
import { nodeRm } from './lab/node-rm.ts'
import { rulesRestore } from './lost/rules-restore.ts'
import { addrAdd, addrRm } from './plain/addr.ts'
import { bridgeAdd, bridgeRm } from './plain/bridge.ts'
import { linkMove } from './plain/link-move.ts'
import { linkRm } from './plain/link-rm.ts'
import { linkAttach, linkDetach } from './plain/link-attach.ts'
import { linkDown, linkMtu, linkRename, linkUp } from './plain/link-set.ts'
import { masqueradeAdd, masqueradeRm } from './plain/masquerade.ts'
import { netnsAdd, netnsRm } from './plain/netns.ts'
import { routeAdd, routeRm } from './plain/route.ts'
import { sysctlSet } from './plain/sysctl.ts'
import { vethAdd } from './plain/veth.ts'
import { planned, type Drafted, type PlanContext, type Planned, type Planner } from './planner.ts'

const planners: { readonly [K in Intent['kind']]: Planner<K> } = {
  'netns-add': netnsAdd,
  'netns-rm': netnsRm,
  'veth-add': vethAdd,
  'link-rm': linkRm,
  'link-move': linkMove,
  'link-rename': linkRename,
  'link-up': linkUp,
  'link-down': linkDown,
  'link-attach': linkAttach,
  'link-detach': linkDetach,
  'link-mtu': linkMtu,
  'addr-add': addrAdd,
  'addr-rm': addrRm,
  'route-add': routeAdd,
  'route-rm': routeRm,
  'bridge-add': bridgeAdd,
  'bridge-rm': bridgeRm,
  'sysctl-set': sysctlSet,
  'masquerade-add': masqueradeAdd,
  'masquerade-rm': masqueradeRm,
  'net-create': netCreate,
  'net-rm': netRm,
  'net-prune': netPrune,
  'net-connect': netConnect,
  'net-disconnect': netDisconnect,
  'net-publish': netPublish,
  'net-unpublish': netUnpublish,
  'node-add': nodeAdd,
  'node-rm': nodeRm,
  'engine-net-create': engineNetCreate,
  'engine-net-rm': engineNetRm,
  'engine-net-prune': engineNetPrune,
  'engine-net-connect': engineNetConnect,
  'engine-net-disconnect': engineNetDisconnect,
  'rules-restore': rulesRestore,
  'net-apply': (world, intent, context) => netApply(world, intent, context, planOf),
}

export function planOf(world: World, intent: Intent, context: PlanContext): Planned {
  const plan = planners[intent.kind] as (
    world: World,
    intent: Intent,
    context: PlanContext,
  ) => Planned<Drafted>
  const drafted = plan(world, intent, context)
  return drafted.ok ? planned<Plan>({ intent, ...drafted.value }) : drafted
}
