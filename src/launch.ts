/** Becomes a program inside a namespace (probe/launch): composition only. Small, because each tool waits for it to load. */
import { launch } from './probe/launch/enter.ts'
import type { LaunchSpec } from './probe/launch/launch-spec.ts'
import { sanitise } from './lib/sanitise.ts'

// Who starts it is this program: the argument is what launchArgv made.
const refused = await launch(JSON.parse(process.argv[2] ?? '{}') as LaunchSpec)
const { what, hint } = refused.failure
process.stderr.write(`vethscope: ${sanitise(hint === undefined ? what : `${what}; ${hint}`)}\n`)
process.exitCode = refused.exitCode
