import { expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

const command = {
  name: 'npm run export',
  summary: 'Exports an incident.',
  positionals: 'INCIDENT',
  options: {
    out: { type: 'string', value: 'FILE', help: 'Write to a file.' },
    config: { type: 'string', multiple: true, value: 'FILE', help: 'Configuration.' },
    diff: { type: 'boolean', help: 'Differences only.' },
  },
  version: '1.2.3',
} as const;
const parse = (...args: string[]) => parseCommandLine(command, args);

it('reads flags and arguments', () => {
  expect(parse('inc-1', '--out', 'a', '--config', 'b', '--config', 'c', '--diff')).toEqual({
    kind: 'run',
    values: { out: 'a', config: ['b', 'c'], diff: true },
    positionals: ['inc-1'],
  });
});

it('shows the help with every option, and the version', () => {
  const help = parse('--help');
  expect(help).toMatchObject({ kind: 'end', exitCode: 0 });
  for (const text of ['usage: npm run export -- INCIDENT', '--out FILE', '--config FILE...', '--diff', '--version'])
    expect(help).toMatchObject({ text: expect.stringContaining(text) });
  expect(parse('--version')).toEqual({ kind: 'end', exitCode: 0, text: 'faultline 1.2.3\n' });
});

it.each([[['--uot', 'a']], [['--out']]])('%j is refused with the help', (args) => {
  expect(parse(...args)).toMatchObject({
    kind: 'end',
    exitCode: 2,
    text: expect.stringMatching(/--(uot|out).*usage:/s),
  });
});

it('a command without arguments refuses one', () => {
  const { positionals: _, ...bare } = command;
  expect(parseCommandLine(bare, ['x'])).toMatchObject({ kind: 'end', exitCode: 2 });
});

const grouped = {
  ...command,
  positionals: 'COMMAND [FILE]',
  commands: {
    check: { help: 'Checks.', options: ['config'] },
    print: { positionals: 'FILE', help: 'Prints.', options: ['config', 'diff'] },
  },
} as const;
const parseGrouped = (...args: string[]) => parseCommandLine(grouped, args);

it.each([
  [['chek'], /^unknown command chek; did you mean check\?\n/],
  [['quux'], /^unknown command quux\n/],
  [['check', '--confg', 'a'], /^unknown option --confg; did you mean --config\?\n/],
  [['check', '--zzzz'], /^unknown option --zzzz\n/],
  [['check', '--diff=yes'], /--diff/],
])('%j is refused with what was probably meant', (args, text) =>
  expect(parseGrouped(...args)).toMatchObject({ kind: 'end', exitCode: 2, text: expect.stringMatching(text) }),
);

it('the help of a command has its own arguments and options, and the general one all commands', () => {
  const textOf = (...args: string[]) => {
    const parsed = parseGrouped(...args);
    return parsed.kind === 'end' && parsed.exitCode === 0 ? parsed.text : '';
  };
  expect(textOf('check', '--help')).toMatch(/^usage: npm run export -- check \[options\]\nChecks\.\n/);
  expect(textOf('check', '--help')).not.toMatch(/--diff|--out|commands/);
  expect(textOf('print', '--help')).toMatch(/-- print FILE .*--config.*--diff/s);
  expect(textOf('--help')).toMatch(/commands.*\n {2}check {2}Checks\.\n {2}print {2}Prints\.\n$/s);
});
