import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hashToken } from '../auth.ts';
import { AppError } from '../error.ts';
import { Secret, secret } from '../secret.ts';
import { describeConfig, inspectConfig, loadConfig, printConfig, runConfigCommand } from './index.ts';

const sections = {
  http: z.strictObject({
    host: z.string().default('127.0.0.1').describe('Where to listen.'),
    port: z.int().min(0).max(65535).default(8080).describe('Port | number.'),
  }),
  log: z.strictObject({ level: z.enum(['debug', 'info']).default('info').describe('How much.') }),
  pager: z.strictObject({
    retryMaxMs: z.int().nullable().default(null).describe('How long.'),
    next: z.string().nullable().default(null).describe('What else.'),
    channels: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('console') }),
          z.strictObject({ type: z.literal('chat'), token: secret().describe('The token.') }),
        ]),
      )
      .default([])
      .describe('Where to.'),
  }),
};

const load = (yaml: string, env: Record<string, string> = {}) => {
  const file = join(mkdtempSync(join(tmpdir(), 'faultline-')), 'config.yaml');
  writeFileSync(file, yaml);
  return loadConfig({ sections, file, env });
};
const problemOf = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('no AppError was thrown');
};

const testdata = join(import.meta.dirname, 'testdata');
describe('one mistake each', () => {
  it.each(readdirSync(testdata))('%s', (name) => {
    const file = join(testdata, name);
    const expected = /^# expect: (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'no expectation in the file';
    const { message } = problemOf(() => loadConfig({ sections, file, env: {} }));
    expect(message).toContain(expected);
    expect(message.match(/\n {2}- /g)?.length ?? 1).toBe(1);
    expect(message).not.toContain('112233');
  });
});

it('finds all problems at once, and keeps the sections that are good', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'faultline-')), 'config.yaml');
  writeFileSync(file, 'htpp: {}\nhttp: { port: 1, hots: a }\nlog: { level: shout }');
  const { problems, sections: good } = inspectConfig({ sections, file, env: {} });
  expect(problems).toEqual([
    expect.stringContaining('htpp: unknown key'),
    expect.stringContaining('http.hots: unknown key'),
    expect.stringContaining('log.level: expected'),
  ]);
  expect(Object.keys(good)).not.toContain('http');
  expect(good.pager).toBeDefined();
});

describe('loading', () => {
  it('defaults fill what the file leaves out, and nothing can be altered afterwards', () => {
    const config = load('http: { port: 1 }');
    expect(config.http).toEqual({ host: '127.0.0.1', port: 1 });
    expect(() => Object.assign(config.http, { port: 2 })).toThrow(TypeError);
    expect(() => (config.pager.channels as unknown[]).push(1)).toThrow(TypeError);
  });

  it('an empty file is a good one, and so is none', () => {
    expect(load('').log.level).toBe('info');
    expect(loadConfig({ sections, env: {} }).log.level).toBe('info');
  });

  it('reports every problem, not only the first', () => {
    expect(problemOf(() => load('http: { prot: 1, port: x }')).message).toContain('2 problems');
  });

  it('merges a later file over an earlier one key by key, and reports a file that is not a mapping', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
    const [common, own, list] = ['common.yaml', 'own.yaml', 'list.yaml'].map((name) => join(folder, name));
    writeFileSync(common ?? '', 'http: { port: 1, host: a }');
    writeFileSync(own ?? '', 'http: { port: 2 }\nlog: { level: debug }');
    writeFileSync(list ?? '', '- http');
    const config = loadConfig({ sections, file: [common ?? '', own ?? ''], env: {} });
    expect(config).toMatchObject({ http: { port: 2, host: 'a' }, log: { level: 'debug' } });
    const refused = problemOf(() => loadConfig({ sections, file: [list ?? '', own ?? ''], env: {} }));
    expect(refused.message).toContain('list.yaml with ');
    expect(refused.message).toContain('expected a mapping of sections');
  });

  it('a file that is not there', () => {
    expect(problemOf(() => loadConfig({ sections, file: '/none.yaml', env: {} })).code).toBe(
      'RUNTIME_CONFIG_UNREADABLE',
    );
  });
});

describe('environment', () => {
  it('overrides the file, reading numbers, null and elements of lists', () => {
    const config = load('http: { port: 1 }\npager: { retryMaxMs: 5, channels: [{ type: chat, token: old }] }', {
      FAULTLINE_HTTP__PORT: '9',
      FAULTLINE_HTTP__HOST: '10',
      FAULTLINE_PAGER__RETRY_MAX_MS: 'null',
      FAULTLINE_PAGER__CHANNELS__0__TOKEN: '0123',
      FAULTLINE_HOME: 'not ours: no double underscore',
    });
    expect(config.http).toEqual({ port: 9, host: '10' });
    expect(config.pager.retryMaxMs).toBeNull();
    expect(config.pager.channels.map((channel) => channel.type === 'chat' && channel.token.reveal())).toEqual(['0123']);
  });

  it('a name that is nearly right', () => {
    expect(problemOf(() => load('', { FAULTLINE_HTTP__PROT: '9' })).message).toContain(
      'FAULTLINE_HTTP__PROT: no such key; did you mean FAULTLINE_HTTP__PORT?',
    );
  });
});

describe('secrets', () => {
  const text = 'xoxb-1234567890';
  it('come from a file or a variable, and never print', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'faultline-')), 'token');
    writeFileSync(file, `${text}\n`);
    const config = load(
      `pager: { channels: [{ type: chat, token: { file: ${file} } }, { type: chat, token: { env: T } }] }`,
      {
        T: text,
      },
    );
    expect(config.pager.channels.map((channel) => channel.type === 'chat' && channel.token.reveal())).toEqual([
      text,
      text,
    ]);
    for (const printed of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      printConfig(config, { sections, diff: false }),
    ])
      expect(printed).not.toContain(text);
  });

  it('a Secret does not print in any way', () => {
    const hidden = new Secret(text);
    expect([
      `${hidden}`,
      JSON.stringify({ hidden }),
      inspect(hidden),
      String(hidden),
      [hidden].join(),
    ]).not.toContainEqual(expect.stringContaining(text));
  });
});

describe('the command', () => {
  const run = (command: string | undefined, file?: string) => {
    const out: string[] = [];
    const errors: string[] = [];
    const code = runConfigCommand(command, {
      sections,
      file,
      diff: false,
      env: {},
      write: (text) => void out.push(text),
      writeError: (text) => void errors.push(text),
    });
    return { code, out: out.join(''), errors: errors.join('') };
  };

  it('print, docs', () => {
    expect(run('print').out).toContain('port: 8080');
    expect(run('docs').out).toContain('FAULTLINE_HTTP__BODY_MAX_BYTES');
  });

  it('a bad file is reported on stderr, with code 1', () => {
    const { code, out, errors } = run('print', join(testdata, 'unknown-key.yaml'));
    expect([code, out]).toEqual([1, '']);
    expect(errors).toContain('did you mean');
  });

  it('no such command: those that there are, code 2', () => {
    expect(run('pirnt')).toMatchObject({ code: 2, errors: expect.stringContaining('pirnt') });
  });

  it('hash-token prints a token and the hash that knows it', () => {
    const [, token, hash] = /: (flt_\S+)\n.*: (sha256:\S+)\n/.exec(run('hash-token').out) ?? [];
    expect(hashToken(token ?? '')).toBe(hash);
  });
});

describe('printing', () => {
  it('diff shows only what differs', () => {
    const config = load('http: { port: 1, host: 127.0.0.1 }\npager: { channels: [{ type: chat, token: a }] }');
    expect(printConfig(config, { sections, diff: true })).toBe(
      'http:\n  port: 1\npager:\n  channels:\n    - type: chat\n      token: <secret>\n',
    );
    expect(printConfig(load(''), { sections, diff: true })).toBe('# nothing differs from the defaults\n');
  });

  it('the documentation has every key with its default', () => {
    const lines = describeConfig(sections).split('\n');
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual([
      '| `host` | string | `"127.0.0.1"` | Where to listen. |',
      '| `port` | integer | `8080` | Port \\| number. |',
      '| `level` | `debug`, `info` | `"info"` | How much. |',
      '| `retryMaxMs` | integer or null | `null` | How long. |',
      '| `next` | string or null | `null` | What else. |',
      '| `channels` | list of mapping | `[]` | Where to. |',
      '| `channels[]{console}.type` | `console` |  |  |',
      '| `channels[]{chat}.type` | `chat` |  |  |',
      '| `channels[]{chat}.token` | secret | required | The token. |',
    ]);
  });
});

describe('a key with hundreds of values', () => {
  const many = Array.from({ length: 300 }, (_, index) => `rule:number-${index}`);
  const long = { rules: z.strictObject({ removed: z.array(z.enum(many)).default([]).describe('Rules.') }) };

  it('lists ten of them in the documentation', () => {
    const row = describeConfig(long)
      .split('\n')
      .find((line) => line.startsWith('| `removed'));
    expect(row).toContain('`rule:number-9` and 290 more');
    expect(row).not.toContain('number-10`');
  });

  it('suggests the nearest for a wrong one', () => {
    const problemsOf = (value: string) =>
      inspectConfig({ sections: long, env: {}, overrides: { rules: { removed: [value] } } }).problems;
    expect(problemsOf('rule:numbr-123')).toEqual([
      'rules.removed[0]: expected one of 300 values (did you mean "rule:number-123"?), found "rule:numbr-123"',
    ]);
    expect(problemsOf('x')[0]).toMatch(/such as "rule:number-0", .*"rule:number-9"\), found "x"$/);
  });
});
