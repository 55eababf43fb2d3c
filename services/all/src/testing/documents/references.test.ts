/** Each kind of reference: what exists is left alone, what is gone is found. */
import { describe, expect, it } from 'vitest';
import { sections } from '../../sections.ts';
import { brokenReferences } from './references.ts';
import { settingsOf } from './settings.ts';
import { treeOf } from './tree.ts';

const settings = settingsOf(sections);

describe('a reference', () => {
  const base = {
    'package.json': JSON.stringify({
      scripts: { bench: 'node load/bench/main.ts', fit: 'node load/fit/main.ts', test: 'vitest' },
    }),
    'load/bench/main.ts': '',
    'load/bench/bus.ts': '',
    'load/fit/main.ts': "parseArgs({ options: { out: {}, 'at-once': {} } }) // --gone",
    '.gitignore': 'dist/\ninfra/secrets/\n*.log\n',
    'docs/adr/0007-kinds.md': '',
    'services/a/src/list.ts': '',
    'services/b/src/stages/decide.ts': '',
    'services/b/src/stages/stages.test.ts': '',
  };
  const namesIn = (path: string, text: string): string[] =>
    brokenReferences(treeOf({ ...base, [path]: text }), settings).map(({ kind, name }) => `${kind} ${name}`);

  it.each([
    [
      'path',
      '`services/a/src/list.ts`, [it](services/a/src/list.ts), src/<name>.ts, ./docs/adr/0007-kinds.md, stages/',
    ],
    ['path that a command makes', '`dist/`, services/a/dist/index.html, infra/secrets/token.txt'],
    ['path elsewhere', 'https://example.org/docs/none.md, /etc/none.yaml, @scope/none.ts'],
    ['command', '`npm run bench -- bus|main`, `npm run fit -- --out FILE --at-once 3`, `npm test`'],
    ['setting', '`bus.kafka.brokers`, `notifier.channels[].name`, `FAULTLINE_AUTH__TOKENS__0__HASH`'],
    ['decision', 'ADR 0007 and ADR 7'],
  ])('to what exists is left alone: %s', (_, text) => {
    expect(namesIn('README.md', text)).toEqual([]);
  });

  it.each([
    ['`services/a/src/index.ts`', ['path services/a/src/index.ts']],
    ['see channels/index.ts', ['path channels/index.ts']],
    ['in `services/c/`', ['path services/c/']],
    ['[decision](docs/adr/0008-none.md)', ['path docs/adr/0008-none.md']],
    ['`npm run none`', ['command npm run none']],
    ['`npm run bench -- bus|none`', ['command npm run bench -- none']],
    ['`npm run fit -- --gone`', ['command npm run fit -- --gone']],
    ['`bus.kafka.none`', ['setting bus.kafka.none']],
    ['FAULTLINE_HTTP__NONE', ['setting FAULTLINE_HTTP__NONE']],
    ['ADR 0007, 0008', ['decision 0008']],
  ])('in a document to what is gone is found: %s', (text, names) => {
    expect(namesIn('README.md', text)).toEqual(names);
  });

  it('in a comment means its own package, unless it begins at the root', () => {
    const inComment = (comment: string) =>
      namesIn('services/b/src/stages/page.ts', `const text = 'none.ts'; // ${comment}`);
    expect(inComment('see stages.test.ts, stages/decide.ts and services/a/src/list.ts')).toEqual([]);
    expect(inComment('see decide.test.ts and list.ts')).toEqual(['path decide.test.ts', 'path list.ts']);
  });

  it('of an earlier release is history', () => {
    expect(namesIn('CHANGELOG.md', '# Changelog\n## Unreleased\n- `a/new.ts`\n## 0.1.0\n- `a/old.ts`')).toEqual([
      'path a/new.ts',
    ]);
  });
});
