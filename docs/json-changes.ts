/** The JSON of what changes the host, and of labs: a part of docs/json.md. */
import { commands } from '../src/command/table.ts'
import { exampleChanges as examples } from './example-changes.ts'
import { fenced } from './fenced.ts'

/** Those that have a heading of their own. */
const told = ['undo', 'cleanup']

export function changesDocument(usage: (name: string) => string): string {
  const changing = commands.filter(({ name, changes, hidden }) => changes === true && hidden !== true && !told.includes(name))
  return `# Networks, nodes and changes

## ${usage('net ls')}

As \`ls networks\`; with \`--engine\` only those of one engine.

## ${usage('net inspect')}

One network as \`ls networks\` has it. \`lab\` is what vethscope wrote down of a network of its own (\`driver\` bridge, vxlan,
macvlan or ipvlan; \`ownsBridge\` false: the bridge was there before and stays), null for those of other engines. \`places\` are all
who are on it, also containers that do not run (\`state\`) and are to be on it when they start: \`link\` is in their namespace, \`hostLink\` its other
end. \`ports\` are published ports of its members. \`overlay\` is null for all but a Swarm's overlays: \`sandbox\` is the hidden
namespace, \`segments\` its bridges and vxlan links, \`peers\` the hosts that are on it (\`here\`: this one; \`told\`: the engine names it, else only
the forwarding table does, whose entries are \`remotes\`), \`balancer\` the load balancer's namespace, \`published\` the ports of services where it is
the ingress network. \`made\` and \`peers\` beside it are what the engine itself tells, absent where it has no such thing.

${fenced(examples.network)}

## ${usage('net export')}

\`text\` is the file (format yaml, json, or script: a shell script), null where it was written to \`file\` with \`-o\`. \`left\` says what is there and
cannot be said in it, \`unread\` what could not be read (exit 3), each in a sentence. The other figures are how many things are in it.

${fenced(examples.exported)}

## ${usage('node ls')}

One element a node of the lab. \`mode\` is bridge, none, host or container; \`of\` is whose namespace a node of mode container has. \`netns\` is
null where its namespace is gone. A lab that could not be read is one element \`{ "engine": "lab", "unknown" }\`.

${fenced([examples.node])}

## Changes

${changing.map(({ name }) => `- ${usage(name)}`).join('\n')}

All of them, and \`undo\`, print one object. \`applied\`: it was made and is in effect. \`verified\`: the host was read again, and everything that
should be true is; \`differences\` lists what is not. \`id\` is for \`vethscope undo\`; null where nothing was changed: with \`--dry-run\`
(\`applied\` false), and where all was so already (\`applied\` true, no steps). \`outcome\` of a step is done, failed, undone (it was done, and taken back
because a later one failed), left (it could not be taken back) or not run; \`says\` is what an engine answered to it that is worth knowing:
the id of what it made, a warning. \`undo\` of a step lists the commands that take it back,
or is \`{ "irreversible": "reason" }\`. \`left\` says what could not be taken back. \`confirmBefore\` is there while a change waits to be
confirmed, \`undoes\` where a change takes another one back. \`net rm\` and \`node rm\` with several names print an array, an element a change.

${fenced(examples.changed)}

Exit codes: 0 done; 1 done, and not all is as it should be, or nobody said yes; 2 there is no \`--yes\` and no terminal to ask at; 5 the
plan was refused, or a step failed and what was done was taken back. A refusal is a failure as above; where there are several reasons,
\`others\` of \`error\` has the further ones. After a failed step the object is there too, with \`error\`:

${fenced(examples.failedChange)}

\`example\` alone prints an array of what there is; with a name it is a change like the others, of several \`parts\` an array, an element a part; \`host\` is
the namespace whose journal has that one:

${fenced(examples.shipped)}

## ${usage('undo')}

A change like the others, with \`undoes\`.

## ${usage('journal')}

Oldest first. \`state\` is applied, undone, rolled back (a step failed), left (a part could not be taken back), unfinished (begun and not ended)
or unconfirmed. \`intent\` is what was asked for. \`undoes\` is the change that this one took back, \`undoneBy\` the one that took this one back.

${fenced([examples.entry])}

## ${usage('cleanup')}

\`cleaned\`: one change each, as above; empty where there was nothing to do.

${fenced(examples.cleaned)}

## ${usage('confirm')}

The change that is kept, as the journal has it.
`
}
