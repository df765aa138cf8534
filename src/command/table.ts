import { about } from './about.ts'
import { addrCommands } from './addr-commands.ts'
import { bridgeCommands } from './bridge-commands.ts'
import { capture } from './capture.ts'
import { cleanup } from './cleanup.ts'
import type { Command } from './command.ts'
import { completion } from './completion.ts'
import { conntrack } from './conntrack.ts'
import { demo } from './demo.ts'
import { dns } from './dns.ts'
import { drops } from './drops.ts'
import { example } from './example.ts'
import { exec } from './exec.ts'
import { find } from './find.ts'
import { findings } from './findings.ts'
import { http } from './http.ts'
import { confirm, journal } from './journal.ts'
import { linkCommands } from './link-commands.ts'
import { ls } from './ls.ts'
import { man } from './man.ts'
import { matrix } from './matrix.ts'
import { nat } from './nat.ts'
import { netApply } from './net-apply.ts'
import { netCommands } from './net-commands.ts'
import { netCreate } from './net-create.ts'
import { netExport } from './net-export.ts'
import { netInspect, netLs } from './net-ls.ts'
import { netnsCommands } from './netns-commands.ts'
import { nodeCommands } from './node-commands.ts'
import { nodeLs } from './node-ls.ts'
import { ping } from './ping.ts'
import { routeCommands } from './route-commands.ts'
import { route } from './route.ts'
import { screen } from './screen.ts'
import { settingCommands } from './setting-commands.ts'
import { shell } from './shell.ts'
import { show } from './show.ts'
import { snapshot } from './snapshot.ts'
import { tcp } from './tcp.ts'
import { themes } from './themes.ts'
import { traceroute } from './traceroute.ts'
import { udp } from './udp.ts'
import { rulesRestore } from './rules-restore.ts'
import { undo } from './undo.ts'
import { watch } from './watch.ts'

/** Every command, in the order of the help. The first has no name: it runs when none is given. */
export const commands: readonly Command[] = [
  screen,
  demo,
  show,
  ls,
  nat,
  find,
  findings,
  route,
  conntrack,
  drops,
  ping,
  traceroute,
  tcp,
  udp,
  matrix,
  dns,
  http,
  capture,
  exec,
  shell,
  netLs,
  netInspect,
  netCreate,
  ...netCommands,
  netApply,
  netExport,
  nodeLs,
  ...nodeCommands,
  ...netnsCommands,
  ...linkCommands,
  ...addrCommands,
  ...routeCommands,
  ...bridgeCommands,
  ...settingCommands,
  rulesRestore,
  example,
  undo,
  journal,
  cleanup,
  confirm,
  snapshot,
  about,
  themes,
  man,
  completion,
  watch,
]
