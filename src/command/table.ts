import { about } from './about.ts'
import { capture } from './capture.ts'
import { complete } from './complete.ts'
import { completion } from './completion.ts'
import type { Command } from './command.ts'
import { conntrack } from './conntrack.ts'
import { demo } from './demo.ts'
import { dns } from './dns.ts'
import { drops } from './drops.ts'
import { exec } from './exec.ts'
import { find } from './find.ts'
import { findings } from './findings.ts'
import { http } from './http.ts'
import { ls } from './ls.ts'
import { man } from './man.ts'
import { matrix } from './matrix.ts'
import { nat } from './nat.ts'
import { ping } from './ping.ts'
import { route } from './route.ts'
import { screen } from './screen.ts'
import { shell } from './shell.ts'
import { show } from './show.ts'
import { snapshot } from './snapshot.ts'
import { tcp } from './tcp.ts'
import { themes } from './themes.ts'
import { traceroute } from './traceroute.ts'
import { udp } from './udp.ts'

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
  snapshot,
  about,
  themes,
  man,
  completion,
  complete,
]
