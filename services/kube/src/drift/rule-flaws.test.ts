import { describe, expect, it } from 'vitest';
import { driftConfig } from './config.ts';
import { expectedRuleFlaws, namingRuleFlaws } from './rule-flaws.ts';

describe('a rule of what is expected', () => {
  it.each([
    'spec.replicas',
    '*',
    'spec.template.spec.containers[*].env[REGION]',
    'spec.template.spec.containers[pay].resources.limits.*',
    'metadata.labels["app.kubernetes.io/name"]',
    'spec.template.spec.containers[pay].volumeMounts[/etc/app.d]',
    'spec.tolerations[0].value',
    'spec.*Ref.name',
  ])('may have the path %s', (path) => expect(expectedRuleFlaws({ path })).toEqual([]));

  it.each([
    'spec..x[',
    'spec.',
    '.spec',
    'spec[',
    'spec[]',
    'spec]',
    'spec[a]b',
    'spec replicas',
    '/spec/replicas',
    'a[[b]]',
  ])('may not have the path %s', (path) =>
    expect(expectedRuleFlaws({ path })).toMatchObject([
      { field: 'path', expected: expect.stringContaining('fields joined by dots') },
    ]),
  );

  it('needs a path or an object: a comparison alone would hide all of it', () => {
    const flaw = { field: '', expected: expect.stringContaining('at least one of path, kind, namespace, name') };
    expect([{}, { against: 'cluster' as const }].map(expectedRuleFlaws)).toEqual([[flaw], [flaw]]);
    expect(expectedRuleFlaws({ kind: 'ConfigMap' })).toEqual([]);
  });
});

describe('a rule of names', () => {
  it.each([
    ['(shop)-(?:eu|us)/(.*)', '$1/$2'],
    ['(?<team>\\w+)/x', '$<team>/all'],
    ['a/b', 'c/$$5'],
  ])('%s may become %s', (match, as) => expect(namingRuleFlaws({ match, as })).toEqual([]));

  it.each([
    ['(shop)/(.*)', '$5', 'only groups of `match` (`match` has $1, $2, not $5)'],
    ['(shop)/(.*)', '$0/$1', 'not $0'],
    ['shop/.*', '$1', '`match` has no group, not $1'],
    ['(?<team>\\w+)/x', '$<taem>', 'not $<taem>'],
  ])('%s may not become %s', (match, as, expected) =>
    expect(namingRuleFlaws({ match, as })).toEqual([{ field: 'as', expected: expect.stringContaining(expected) }]),
  );

  it('needs a regular expression', () =>
    expect(namingRuleFlaws({ match: '(', as: 'a' })).toEqual([{ field: 'match', expected: 'a regular expression' }]));
});

it('the configuration names the field of the rule', () => {
  const parsed = driftConfig.safeParse({
    expected: [{ path: 'spec' }, {}, { path: 'spec..x[' }],
    sameObject: [{ match: '(a)/b', as: '$5' }],
  });
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'sameObject.0.as',
    'expected.1',
    'expected.2.path',
  ]);
});
