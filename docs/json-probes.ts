/** The part of docs/json.md that is about probes. `usage`: how a command is called. */
import * as examples from './example-probes.ts'
import { fenced } from './fenced.ts'

export function probesDocument(usage: (name: string) => string): string {
  return `# Probes

All have \`kind\`, \`ok\` (exit code 0, else 1) and, but for \`matrix\`, \`netns\` (where it started). Times are milliseconds,
\`at\` since the epoch. While one runs nothing is printed with \`--json\`, but for a capture's packets. A probe that could not be made at all (no such namespace, a name that nobody knows, no rights) is
a failure as above.

An ICMP error is \`{ from, type, code, says }\`, with \`mtu\` where it tells one; \`from\` is who sent it, null where this kernel itself refused.
\`grown\`, after a failure, lists the counters that grew meanwhile in the namespaces on the way: \`what\` is rule, drops or conntrack; \`command\`
shows the same.

## ${usage('ping')}

\`source\` is the address it was sent from, null where none could be chosen. \`duplicates\` are answers beside the first ones.
With \`--mtu\` also \`mtu: { passes, linkMtu }\`: the largest packet, with its IP header, that came through whole, null where none did; \`stopped\` stands there where larger ones were not tried any more.

${fenced(examples.ping)}

## ${usage('tcp')}

\`result\` is that of the first port: connected, refused, timeout, unreachable, prohibited or reset. \`icmp\` is what was behind it, \`source\`
the address it was sent from, \`banner\` what the server said by itself, \`says\` what the kernel said where no packet was sent.

${fenced(examples.tcp)}

With \`--listen\` (also of \`udp\`; \`--serve\` of \`http\`) \`kind\` is listen, and \`came\` tells who connected and the beginning of what they sent, of the first 1,000; \`more\` is how many came after them:

${fenced(examples.listen)}

## ${usage('udp')}

\`result\`: answered, closed, open-or-filtered (nothing came back), unreachable or prohibited. \`answer\` is the beginning of what came back.

${fenced(examples.udp)}

## ${usage('dns')}

\`status\` and \`answers\` are what a program there would get; \`from\` is hosts where a file answered. \`servers\` has each of them by itself, with
the full name that it was asked for, and with \`says\` where it gave no answer. A status is NOERROR, NXDOMAIN, SERVFAIL, REFUSED, FORMERR, NOTIMP,
timeout or unreachable. \`remarks\` are sentences about what is odd.

${fenced(examples.dns)}

## ${usage('http')}

\`status\` is null where no answer came; then \`error\` is \`{ what, says }\`, with \`icmp\` where there is one: what is a result of \`tcp\`, or dns,
tls, http or file. \`tls.problem\` is null for a certificate that is trusted. \`ok\`: no error, a status below 400, and trusted.

${fenced(examples.http)}

## ${usage('traceroute')}

\`name\` is the namespace of this host that has the address, else null. With \`--mtu\` a hop has \`tooBig\` where somebody on the way there passes only smaller
packets: an ICMP error with its \`mtu\`, and \`name\`.

${fenced(examples.traceroute)}

## ${usage('capture')}

A line a packet, \`{ "time", "link", "length", "summary", … }\`, time in milliseconds since the epoch; and at the end one document. \`flows\`
follows packets over the links, also where addresses are translated between them: \`lastSeen\` is the last link that saw them, \`next\` the
one that should have seen them then, null where there is none; \`back\` says the same of the answers. There were at least \`moreFlows\` others.
\`because\` is what ended it: stopped, count, duration, size or links gone. \`onWay\`: the links stand in the order
of the way (\`--way\`), so that where a packet was not seen says something.

${fenced(examples.capture)}

## ${usage('matrix')}

\`cells[from][to]\` has one verdict for each of \`tried\`: answered, lost, a result of \`tcp\`, cannot-enter, or null where it was stopped before.
\`ms\` has their times.

${fenced(examples.matrix)}
`
}
