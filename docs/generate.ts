/** The documents that are made from the sources: the JSON Schema of a World, and the JSON of each command. */
import { failureJson } from '../src/cli/print-json.ts'
import { usageOf } from '../src/cli/help.ts'
import type { Command, RawValues } from '../src/command/command.ts'
import { commands } from '../src/command/table.ts'
import { succeeded } from '../src/lib/failure.ts'
import { worldFormat, worldVersion } from '../src/model/format.ts'
import type { World } from '../src/model/world.ts'
import type { Source } from '../src/source.ts'
import { keyTable } from '../src/tui/key-table.ts'
import { someProgram } from '../test/support/program-facts.ts'
import { fenced } from './fenced.ts'
import { networkFileJsonSchema } from './network-file-schema.ts'
import { configJsonSchema, themeJsonSchema, worldJsonSchema } from './schemas.ts'
import { containersWorld, exampleWorld, ruledWorld, trackedWorld } from './example-worlds.ts'
import { changesDocument } from './json-changes.ts'
import { probesDocument } from './json-probes.ts'
import { looksOnly } from '../test/support/looks-only.ts'

/** Path in the repository → content. `readme`: as it is now; only the command table in it is made here. */
export async function documents(readme: string): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/world.schema.json': worldJsonSchema(),
    'docs/json.md': await jsonDocument(),
    'docs/config.schema.json': configJsonSchema(),
    'docs/theme.schema.json': themeJsonSchema(),
    'docs/network-file.schema.json': networkFileJsonSchema(),
    'README.md': filled(filled(readme, 'commands', commandTable()), 'keys', keyTable()),
  }
}

/** The text with what stands between its markers of that name replaced. */
function filled(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- /${name} -->`]
  const [head, rest] = text.split(begin)
  const tail = rest?.split(end)[1]
  if (head === undefined || tail === undefined) throw new Error(`README.md lacks ${begin} … ${end}`)
  return `${head}${begin}\n${content}\n${end}${tail}`
}

/** The table of the README, in Markdown. */
function commandTable(): string {
  const escape = (text: string) => text.replaceAll('|', '\\|')
  const rows = commands.filter(({ hidden }) => hidden !== true).map((command) => `| \`${escape(usageOf(command))}\` | ${escape(command.summary)} |`)
  return ['| command | does |', '|---|---|', ...rows].join('\n')
}

type Pick = (data: unknown) => unknown

/** The first element of each list. */
function firstOfEach(data: unknown): unknown {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, 1) : value]),
  )
}

async function example(
  name: string,
  values: RawValues,
  pick: Pick = (data) => data,
  world: World = exampleWorld(),
): Promise<string> {
  const { tool, hostName, kernel, arch } = world
  const source: Source = {
    kind: 'file',
    file: 'host.json',
    readWorld: () => Promise.resolve(succeeded(world)),
    withDetails: (given) => Promise.resolve(succeeded(given)),
    withFirewall: (given) => Promise.resolve(succeeded(given)),
    withConntrack: (given) => Promise.resolve(succeeded(given)),
    withCounters: (given) => Promise.resolve(succeeded(given)),
    readTool: () => Promise.resolve(succeeded({ ...tool, hostName, kernel, arch, at: null })),
  }
  const found = commands.find((command) => command.name === name)
  const deps = { source, open: () => source, program: someProgram, ...looksOnly, signal: new AbortController().signal, folder: '.' }
  const result = await found?.run(deps, values)
  if (result?.ok !== true || !('data' in result.value)) throw new Error(`no example of ${name}`)
  return fenced(pick(result.value.data))
}

const usage = (name: string): string => {
  const found = commands.find((command: Command) => command.name === name)
  return found === undefined ? '' : `\`${usageOf(found)} --json\``
}

async function jsonDocument(): Promise<string> {
  const failure = failureJson({
    kind: 'not-found',
    what: 'there is no netns "wbe"',
    subject: 'wbe',
    hint: 'did you mean web?',
  })
  return `<!-- Made by docs/generate.mjs; a test compares it with what the commands print. -->
# The JSON of the commands

With \`--json\` a command prints one JSON document on standard output: an array for \`ls\` and \`find\`, an object else.
Messages stay on standard error. Fields named here keep their names and meaning; others may be added beside them, so
a reader should ignore what it does not know.

- **Unknown.** \`{ "unknown": "reason" }\` stands wherever a value could not be read, whatever its type else. It never
  means that there is nothing.
- **A netns reference** is \`{ "id": "4026532177", "name": "redis123" }\`: the inode number of the namespace as a
  string, and the name it is shown with. A namespace that no file leads to has an id that begins with \`hidden:\`.
  \`id\` identifies within one document; \`name\` is for reading.
- **A link reference** is \`{ "netns": …, "ifindex": 5, "name": "veth0" }\`. Where the other end could not be told, it
  is \`{ "unknown": "reason", "candidates": [ …link references… ] }\`.
- **Gaps.** \`gaps\` lists what is missing: \`[{ "what", "subject", "reason", "hint" }]\`. With \`--strict\` any gap makes
  the exit code 3; the document is printed all the same.
- **Control characters** from outside (names, aliases, comments) are escaped as JSON allows (\`\\u001b\`), C1 controls
  and bidirectional marks too.

Exit codes: 0 done; 1 done, and the answer is no; 2 wrong usage; 3 not permitted, or what decides could not be read;
4 not found or ambiguous; 5 the host refused or a step failed; 128+n on signal n.

## A failure

The document is an object with \`error\`: \`kind\` (usage, permission, not-found, ambiguous, refused), \`what\` in one
sentence, \`subject\` or null; \`hint\`, \`command\` and \`stderr\` where there are any.

${fenced(failure)}

## ${usage('ls')}

\`ls netns\`: one element a namespace. \`names[].source\` tells how the name was found: host, init, named, docker, podman,
cri, lab, process, thread, mount, fd, socket, hidden. \`processes\` and \`links\` are counts; \`processes\` is
unknown where none is seen and one that could not be looked into may be there. \`containers\` are the
names of those that use the namespace; unknown where there is none and an engine did not answer.

${await example('ls', {})}

\`ls links\`: one element a link, in all namespaces. \`peer\` is the other end of a veth or netkit, \`lower\` the device
below a macvlan, ipvlan, vlan or vxlan; both are null for kinds that have none. \`port\` is what a bridge keeps of the
link, null where its master is no bridge. \`data\` is what belongs to the kind (see \`world.schema.json\`), null for kinds
without. The links of a namespace that could not be read are one element \`{ netns, unknown }\`.

One link and one namespace that could not be read, of an array:

${await example('ls', { what: 'links' }, (data) => (Array.isArray(data) ? [data[2], data.at(-1)] : data))}

\`ls containers\`: one element a container, also of those that do not run (\`netns\` and \`pid\` are null). \`engine\` is
docker, podman, containerd, cri, lxc or nspawn; \`endpoint\` the socket it was asked at, or the monitor or \`cgroup\` that
showed it where there was none to ask. \`pid\` is this host's number. \`modeKind\` is bridge, host, none, container, network
(user-defined), pod or unknown; \`pod\` the name of its pod; \`joins\` the container whose namespace it joined.
\`networks[].link\` is null in modes host and none. An engine that did not answer is one element \`{ engine, endpoint, unknown }\` in both lists.

${await example('ls', { what: 'containers' }, undefined, containersWorld())}

\`ls networks\`: one element a network. \`netns\` is the namespace that \`bridge\` is in.

${await example('ls', { what: 'networks' }, undefined, containersWorld())}

\`ls ports\` is one object. \`published\`: \`via\` tells what does it: dnat, proxy (docker-proxy alone), ipvs, rootless,
or engine where an engine says so and nothing was seen that does it. \`rule\` is null for all but rules; \`process\` is a
proxy beside the rule, or what does it all. \`listening\` is who takes it in the target's namespace, \`[]\` if nobody does;
\`serves\` concludes from it: yes, loopback (only 127.0.0.1 listens), elsewhere (another address), no, unknown.
\`lastPort\` differs from \`hostPort\` where a rule is for a range. \`family\` is ip or ip6 in both lists, as tables of rules
have it; a snapshot's sockets say inet or inet6, as ss does. What could not be read of a namespace is one element
\`{ netns, unknown }\` in either list.

${await example('ls', { what: 'ports' }, firstOfEach, ruledWorld())}

## ${usage('show')}

The namespaces as \`ls netns\` has them, with \`links\` as \`ls links\` has them (in place of the count), \`routes\` of all
tables and \`neighbours\`, each with \`dev\`, the name of its link. With NETNS \`netns\` and \`bridges\` hold that one only.

${await example('show', { netns: 'redis123' })}

Of all namespaces, \`bridges\` is as below. \`network\` is the one that an engine made the bridge for; \`nat\` tells whether
what leaves it gets another source address: by the rules where they were read, else by the engine's word, \`null\`
where neither says.

${await example('show', {}, (data) => member(data, 'bridges'))}

## ${usage('find')}

One element for each thing that the words are or are part of. \`what\` is its kind: netns, link, altname, alias, mac,
address, route, neighbour, fdb, socket, nsid, process, container, network, port (a published one), rule (by its comment, or
as the one that logged the line), chain. \`says\` is a sentence for people. \`ref\` points at it, \`owner\` is its namespace
(null where that is not known); \`peer\` (with the addresses of that end), \`bridge\`, \`container\` (the one that it is in, or
that its peer leads to: \`{ engine, id, name }\`) and \`publishedBy\` are there where they apply, and \`role\` where the text is
a line that netfilter logged: what the part is of the packet. Nothing found: exit 4.

${await example('find', { token: ['172.17.0.2'] })}

## ${usage('findings')}

Worst first. \`severity\` is fault (something does not work now: exit 1), risk (it fails under a condition) or note.
\`evidence\` are facts as the tools print them, \`command\` shows the same without vethscope. A check that could not be made is an
element \`{ id, netns, unknown }\`. \`rule\`, where one rule is meant, is \`{ netns, backend, family, table, chain, number }\`, as in
\`ls ports\`.

${await example('findings', {})}

## ${usage('route')}

\`verdict\` is the type of the route (unicast, local, broadcast, multicast: exit 0; blackhole, unreachable, prohibit:
exit 1), \`none\` where no table has one, \`dropped\` where the kernel drops the packet before or after the lookup (exit
1), or \`unknown\` where a piece that decides could not be read (exit 3). \`reason\` says why where there is no way.
\`ruleText\` and \`routeText\` are \`rule\` and \`route\` as \`ip\` writes them. \`ways\` has several elements where a hash of
the flow decides.

${await example('route', { netns: 'redis123', dst: '192.0.2.1' })}

## ${usage('nat')}

Tables in the order nat, filter, mangle, raw, then the others; of each its base chains, each followed by what it calls.
\`backend\` is iptables-nft, iptables-legacy or nft; \`family\` also inet, arp, bridge, netdev. A rule without a counter
has null, not 0, and so has the policy of a chain without one: iptables-nft makes its chains so and prints 0 for them
(\`packets\` and \`bytes\` of a chain are its policy's). \`target\` is upper case in every dialect, or the chain that the rule
leads to, and null where it only counts. \`words\` is a sentence for people, \`text\` what the tool prints. Tables that are
there and could not be read are elements \`{ backend, family, name, unknown }\`, null standing for all.

${await example('nat', { table: 'nat' }, undefined, ruledWorld())}

## ${usage('conntrack')}

One element a connection that the kernel follows in NETNS (\`host\` where none is given), or one \`{ netns, unknown }\`
where they could not be read (exit 3). \`original\` and \`reply\` are the kernel's two tuples, \`translated\` is what lies
between them: snat, dnat, both, or null. \`container\` is the one that it belongs to, \`from\` and \`to\` are the namespaces
that have the addresses at its ends, where they are known. \`trouble.kind\` is \`stale\` (its other end is in no namespace
any more) or \`unreplied\`. \`timeout\` is null for offloaded connections; \`packets\` and \`bytes\` are null while
nf_conntrack_acct is 0.

${await example('conntrack', {}, (data) => data, trackedWorld())}

## ${usage('drops')}

\`drops\`: one element a counter, those at 0 too. \`group\` is link, qdisc, protocol, conntrack, neighbour or softnet (of
the whole machine); \`subject\` is the link, or null; \`growth\` is that between two looks \`seconds\` apart, both null
where there was one look (a file, or \`--interval 0\`). \`unread\` lists groups that could not be read. Two elements of:

${await example(
  'drops',
  { netns: 'host' },
  (data) => {
    const drops = member(data, 'drops')
    const some = Array.isArray(drops) ? drops.filter((drop) => ['link', 'protocol'].includes(String(member(drop, 'group')))) : []
    return { ...Object(data), drops: [some[0], some.find((drop) => member(drop, 'group') === 'protocol')] }
  },
  trackedWorld(),
)}

## ${usage('snapshot')}

The file that was made. With \`-o -\` the World itself is printed instead. \`redacted\` is null without \`--redact\`; with
it, how many different things of each kind were replaced, which the file itself tells too (\`redacted\` of the World).

${fenced({ file: 'vethscope-vm01-20261121T140322Z.json.gz', bytes: 4711, netns: 3, gaps: 1, redacted: null })}

## ${usage('about')}

\`engines\`: each that was found and asked, with how many containers it told of. \`config.state\` is read, none (there is no
such file), left out (\`--no-config\`), out of reach (a folder above it may not be searched: as if there were none), or unknown
with what is wrong with it. \`theme\` is what the screen would open with.
\`tools\` lists the programs that vethscope can make use of, with a null \`path\` where they are not installed. \`at\` is
null for this host, and the time of writing for a file.

${await example('about', {})}

## ${usage('themes')}

One element a theme; \`file\` is null for those that are shipped, \`title\` unknown where a file of yours is wrong (exit 1).

${await example('themes', {})}

${probesDocument(usage)}
${changesDocument(usage)}
# The snapshot file

A snapshot is one JSON object, the World; gzip is told by its content, not by the file's name. \`world.schema.json\` is
its JSON Schema. It begins with \`"format": "${worldFormat}"\` and \`"version": { "major": ${worldVersion.major}, "minor": ${worldVersion.minor} }\`:

- A reader takes every file of its own major version. A newer minor version only adds fields and kinds of links; an
  unknown kind is read as \`other\` with its name in \`kindName\`.
- A file of another major version is refused with a sentence that says which version wrote it.
- What is no snapshot, is damaged, nests deeper than 64, is larger than 64 MiB compressed or 256 MiB as text, or would
  take more memory than Node may use, is refused with the place in it; a failure of \`--from\` exits with 5 (4 where the
  file does not exist, 3 where it may not be read).
- \`host\` must be the id of one of \`netns\`, and ids must not repeat.

Routes, addresses and neighbours refer to links by \`ifindex\` within their namespace; links refer to other namespaces by
\`nsid\`, which the namespace's own \`nsids\` resolves to ids. A netns's \`details\` (sysctls, sockets, qdiscs, filters,
IPsec policies, programs, counters) are null where they were not asked for; a snapshot holds them all.
`
}

function member(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? Object.entries(data).find(([key]) => key === name)?.[1] : null
}
