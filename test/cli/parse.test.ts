import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'

const run = (...argv: readonly string[]) => {
  const parsed = parse(argv, commands, '1.2.3')
  if (!parsed.ok) return parsed.failure
  const { value } = parsed
  return value.type === 'print'
    ? value.text
    : { name: value.command.name, values: value.values, global: value.global }
}

const nothing = {
  json: false,
  from: undefined,
  host: undefined,
  reader: undefined,
  strict: false,
  color: undefined,
  'no-config': false,
  debug: false,
}

test('no command is the screen', () => {
  expect(run()).toEqual({
    name: '',
    values: { replay: undefined, theme: undefined, ascii: false, mouse: false, readonly: false },
    global: nothing,
  })
  expect(run('--replay', 'a.json', '--readonly')).toMatchObject({
    name: '',
    values: { replay: 'a.json', readonly: true },
  })
})

test('global options stand before and after the command', () => {
  const wanted = {
    name: 'show',
    values: { netns: 'web' },
    global: { ...nothing, json: true, from: 'f', strict: true },
  }
  expect(run('--json', '--from', 'f', '--strict', 'show', 'web')).toEqual(wanted)
  expect(run('show', 'web', '--strict', '--from=f', '--json')).toEqual(wanted)
  expect(run('show', '--json', 'web', '--from', 'f', '--strict')).toEqual(wanted)
})

test('--from of route is an address or a file, by how it looks', () => {
  const route = (...more: readonly string[]) => run('route', 'web', '1.1.1.1', ...more)
  expect(route('--from', '10.0.0.1')).toMatchObject({
    values: { from: '10.0.0.1' },
    global: { from: undefined },
  })
  expect(route('--from', 'fe80::1')).toMatchObject({ values: { from: 'fe80::1' } })
  expect(route('--from', 'x.json')).toMatchObject({ values: { from: undefined }, global: { from: 'x.json' } })
  expect(route('--from', './10.0.0.1')).toMatchObject({ global: { from: './10.0.0.1' } })
  expect(route('--from', 'x.json', '--from', '10.0.0.1')).toMatchObject({
    values: { from: '10.0.0.1' },
    global: { from: 'x.json' },
  })
  expect(route('--from', 'x', '--from', 'y')).toMatchObject({
    kind: 'usage',
    what: '--from is given more than once',
  })
  expect(run('show', '--from', '10.0.0.1')).toMatchObject({ global: { from: '10.0.0.1' } })
  for (const almost of ['10.0.0', '10.0.0.', '10.0.0.0/8', '10.0.0.300', 'fd00::1/64', 'fd00::1::2']) {
    expect(run('route', 'a', '1.1.1.1', '--from', almost), almost).toMatchObject({ values: { from: almost } })
  }
  for (const file of ['10', '10.json', '10.0.0.1.gz', './10.0.0.1', 'a:b:c.json', 'face']) {
    expect(run('route', 'a', '1.1.1.1', '--from', file), file).toMatchObject({ global: { from: file } })
  }
})

test('--debug may have a file behind =, and never takes the next word; --no-config is a switch', () => {
  expect(run('--debug', 'show')).toMatchObject({ name: 'show', global: { debug: true } })
  expect(run('show', '--debug=log', 'web')).toMatchObject({
    values: { netns: 'web' },
    global: { debug: 'log' },
  })
  expect(run('--debug=', 'show')).toMatchObject({ global: { debug: '' } })
  expect(run('find', '--', '--debug=x')).toMatchObject({
    values: { token: ['--debug=x'] },
    global: { debug: false },
  })
  expect(run('show', '--no-config')).toMatchObject({ global: { 'no-config': true } })
  expect(run('show', '--config')).toMatchObject({ kind: 'usage' })
})

test('what is hidden runs, and nobody is told of it', () => {
  expect(run('__watch', '1', '2')).toMatchObject({ name: '__watch' })
  expect(run('--help')).not.toContain('__watch')
  expect(run('__wacth')).toMatchObject({ hint: 'see vethscope --help' })
})

test('values are typed', () => {
  expect(run('route', 'a', '1.1.1.1', '--mark', '0x10')).toMatchObject({ values: { mark: 16 } })
  expect(run('find', 'a', 'b', 'c')).toMatchObject({ values: { token: ['a', 'b', 'c'] } })
  expect(run('snapshot', '-o', '-')).toMatchObject({ values: { output: '-' } })
  expect(run('show', '--', '--odd')).toMatchObject({ values: { netns: '--odd' } })
})

test.each([
  [['show', '--jsn'], /unknown option '--jsn'/, 'did you mean --json? see vethscope show --help'],
  [['show', 'a', 'b'], /too many arguments for 'show'/, 'see vethscope show --help'],
  [
    ['ls', 'cats'],
    "WHAT cannot be 'cats', only containers, netns, links, networks, ports",
    'see vethscope ls --help',
  ],
  [
    ['--color', 'maybe'],
    "option '--color <WHEN>' cannot be 'maybe', only auto, always, never",
    'see vethscope --help',
  ],
  [['route', 'a'], "missing required argument 'DST'", 'see vethscope route --help'],
  [
    ['route', 'a', '1.1.1.1', '--mark', '-1'],
    "option '--mark <M>' cannot be '-1': a whole number from 0 to 4294967295 is needed",
    'see vethscope route --help',
  ],
  [['route', 'a', '1.1.1.1', '--mark', '99999999999'], /whole number/, 'see vethscope route --help'],
  [['find'], "missing required argument 'TOKEN'", 'see vethscope find --help'],
  [['shwo'], 'there is no command "shwo"', 'did you mean show? see vethscope --help'],
  [
    ['--theme', 'dark', 'demo'],
    '"demo" stands behind an option that is not one of every command',
    'write the command first: vethscope demo …; see vethscope demo --help',
  ],
  [['frobnicate'], 'there is no command "frobnicate"', 'see vethscope --help'],
  [['snapshot', '-o'], /argument missing/, 'see vethscope snapshot --help'],
  [['show', '--readonly'], /unknown option/, 'see vethscope show --help'],
  [['constructor'], 'there is no command "constructor"', 'see vethscope --help'],
])('%j is wrong usage, and says where help is', (argv, what, hint) => {
  const failure = run(...argv)
  expect(failure).toMatchObject({ kind: 'usage', hint })
  if (typeof what === 'string') expect(failure).toMatchObject({ what })
  else expect(failure).toMatchObject({ what: expect.stringMatching(what) })
})

test('two words are one command, with options of every command between and around them', () => {
  expect(run('net', 'create', 'lab0', '--icc=false')).toMatchObject({
    name: 'net create',
    values: { name: 'lab0', icc: 'false' },
  })
  expect(run('--json', 'net', '--from', 'x.json', 'ls', '--engine', 'lab')).toMatchObject({
    name: 'net ls',
    values: { engine: 'lab' },
    global: { json: true, from: 'x.json' },
  })
  // A word of its own, an option's value, or an argument is no second word.
  expect(run('exec', 'net', 'create')).toMatchObject({
    name: 'exec',
    values: { netns: 'net', argv: ['create'] },
  })
  expect(run('find', 'net', 'create')).toMatchObject({ name: 'find', values: { token: ['net', 'create'] } })
  expect(run('net', '--', 'create', 'x')).toMatchObject({ kind: 'usage' })
})

test('route is a command, and the first word of two others', () => {
  expect(run('route', 'add', 'web', 'default', '--via', '10.0.0.1')).toMatchObject({
    name: 'route add',
    values: { netns: 'web', destination: 'default', via: '10.0.0.1' },
  })
  expect(run('route', 'web', '1.1.1.1')).toMatchObject({ name: 'route', values: { netns: 'web' } })
  expect(run('route', 'rm', 'web', 'default')).toMatchObject({ name: 'route rm' })
})

test('half of a command tells what may follow, and has help of its own', () => {
  expect(run('link')).toMatchObject({
    kind: 'usage',
    what: 'link needs a second word: add-veth, rm, move, rename, up, down, attach, detach, mtu',
    hint: 'see vethscope link --help',
  })
  expect(run('net', 'crate', 'lab0')).toMatchObject({
    what: expect.stringMatching(/^there is no command "net crate", only ls, inspect, create, /),
    hint: 'did you mean net create? see vethscope net --help',
  })
  const help = run('link', '--help')
  expect(help).toContain('vethscope link move NETNS LINK TO_NETNS')
  expect(help).not.toContain('vethscope net')
  expect(run('link', '-h')).toBe(help)
  expect(run('link', 'move', '--help')).toMatch(/^vethscope link move NETNS LINK TO_NETNS \[--name NEW\]\n/)
})

test('every change has its options, told once', () => {
  expect(
    run('addr', 'add', 'red', 'a', '10.0.0.1/24', '--yes', '--dry-run', '--confirm-within', '30'),
  ).toMatchObject({
    values: { yes: true, 'dry-run': true, 'confirm-within': 30 },
  })
  const help = run('addr', 'add', '--help')
  expect(help).toMatch(/^vethscope addr add NETNS LINK ADDRESS\n/)
  for (const option of ['--yes', '--dry-run', '--confirm-within SECONDS'])
    expect(help).toContain(`  ${option} `)
  expect(help).not.toContain('tell-steps')
  expect(run('undo', '--tell-steps')).toMatchObject({ values: { 'tell-steps': true } })
  expect(run('ls', '--yes')).toMatchObject({ kind: 'usage' })
  expect(run('undo', '--confirm-within', '0')).toMatchObject({
    kind: 'usage',
    what: expect.stringMatching(/from 1 to 86400/),
  })
})

test('help and version, everywhere', () => {
  expect(run('--version')).toBe('vethscope 1.2.3\n')
  expect(run('-V')).toBe('vethscope 1.2.3\n')
  const help = run('--help')
  for (const { name } of commands.filter(({ hidden }) => hidden !== true)) {
    const [first = '', second] = name.split(' ')
    expect(help).toContain(`vethscope ${first}`)
    if (second !== undefined) expect(run(first, '--help')).toContain(`  vethscope ${name}`)
  }
  expect(run('-h')).toBe(help)
  expect(run('route', '--help')).toMatch(
    /^vethscope route NETNS DST \[--from IP\] \[--iif LINK\] \[--mark M\]\n/,
  )
  expect(run('snapshot', '--help')).toContain('-o, --output FILE')
})
