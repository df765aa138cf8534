/**
 * Ends sessions (setsid(2)) when this program is gone, however it went: what a terminal's shell runs in the background gets no
 * signal when the terminal is closed, and one that ignores SIGHUP ignores that too. A /bin/sh waits for the end of a pipe that
 * only this process holds; it is in a session of its own, so that nothing that is sent to ours reaches it.
 */
import { spawn } from 'node:child_process'

export type SessionGuard = {
  /** `leader`: the pid that the session is called by. */
  add(leader: number): void
  remove(leader: number): void
}

/** Lines `+PID` and `-PID`; proc_pid_stat(5): behind the last `)` come state, ppid, pgrp, session. */
const script = `
guarded=' '
while read -r line; do
  case $line in
    +*) guarded="$guarded\${line#+} ";;
    -*) rest=\${guarded#* \${line#-} }; [ "$rest" = "$guarded" ] || guarded="\${guarded%% \${line#-} *} $rest";;
  esac
done
for signal in HUP KILL; do
  for file in /proc/[0-9]*/stat; do
    { read -r stat < "$file"; } 2>/dev/null || continue
    pid=\${stat%% *}
    set -- \${stat##*) }
    case $guarded in *" $4 "*) kill -"$signal" "$pid" 2>/dev/null;; esac
  done
  [ "$guarded" = ' ' ] || [ $signal = KILL ] || sleep 0.4
done`

export function sessionGuard(): SessionGuard {
  const shell = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  shell.unref()
  // Without it all goes on; only a SIGKILL would then leave something behind.
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  const say = (line: string) => void shell.stdin.write(`${line}\n`)
  return { add: (leader) => say(`+${leader}`), remove: (leader) => say(`-${leader}`) }
}
