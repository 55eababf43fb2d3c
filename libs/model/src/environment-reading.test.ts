import { describe, expect, it } from 'vitest';
import { decideReading, type EnvironmentFacts } from './environment-reading.ts';
import { environmentText } from './environment-words.ts';

const seen = (entries: Record<string, readonly string[]>) =>
  Object.entries(entries).map(([environment, names]) => ({ environment, names }));

/** What the alerts name, where what they are about was seen, what is read and why, and what a page says. */
const cases: readonly (readonly [
  name: string,
  facts: Partial<EnvironmentFacts>,
  reason: string,
  read: readonly string[],
  text: string,
])[] = [
  [
    'no name, and telemetry in one',
    { seen: seen({ production: ['service:checkout'] }), known: ['production', 'staging'] },
    'only-one',
    ['default', 'production'],
    'The alerts name no environment; checkout sends telemetry in production.',
  ],
  [
    'a name with telemetry',
    { named: ['staging'], seen: seen({ production: ['service:checkout'] }), known: ['production', 'staging'] },
    'named',
    ['default', 'staging'],
    '',
  ],
  [
    'two names with telemetry, without what names none',
    { named: ['production', 'staging'], known: ['default', 'production', 'staging'] },
    'named',
    ['production', 'staging'],
    '',
  ],
  [
    'a word of a team that no telemetry has',
    { named: ['blue'], seen: seen({ production: ['service:checkout'] }), known: ['production'] },
    'elsewhere',
    ['default', 'production'],
    'No telemetry comes from blue; checkout sends telemetry in production, which was read.',
  ],
  [
    'staging without telemetry is never production',
    { named: ['staging'], seen: seen({ production: ['service:checkout'] }), known: ['production'] },
    'no-telemetry',
    ['default', 'staging'],
    'No telemetry comes from staging.',
  ],
  [
    'staging without telemetry may have a name of its own',
    { named: ['staging'], seen: seen({ stage2: ['service:checkout'] }), known: ['stage2'] },
    'elsewhere',
    ['default', 'stage2'],
    'No telemetry comes from staging; checkout sends telemetry in stage2, which was read.',
  ],
  [
    'in two, and nothing tells which',
    {
      seen: seen({ production: ['service:checkout'], staging: ['service:checkout'] }),
      known: ['production', 'staging'],
    },
    'ambiguous',
    ['production', 'staging'],
    'checkout sends telemetry in production and staging; the alerts name none of them. Read: production and staging.',
  ],
  [
    'in two, most of it in one',
    {
      seen: seen({ production: ['service:cart', 'service:checkout'], staging: ['service:checkout'] }),
      known: ['production', 'staging'],
    },
    'likeliest',
    ['default', 'production'],
    'The alerts name no environment; most of what they are about sends telemetry in production.',
  ],
  [
    'a node of two',
    { seen: seen({ production: ['node:n1'], staging: ['node:n1'] }), known: ['production', 'staging'] },
    'shared',
    ['production', 'staging'],
    'production and staging have n1 in common; both were read.',
  ],
  [
    'a database that two call',
    { seen: seen({ production: ['callee:db'], qa: ['callee:db'], staging: ['callee:db'] }), known: [] },
    'shared',
    ['production', 'qa', 'staging'],
    'production, qa and staging have db in common; all were read.',
  ],
  [
    'more than a result may cover: production is among them',
    { seen: seen({ a: ['service:x'], b: ['service:x'], c: ['service:x'], production: ['service:x'] }), known: [] },
    'ambiguous',
    ['a', 'b', 'production'],
    'x sends telemetry in a, b, c and 1 more; the alerts name none of them. Read: a, b and production.',
  ],
  [
    'nobody has heard of it, and there is one environment',
    { known: ['default', 'production'] },
    'only-environment',
    ['default', 'production'],
    'The alerts name no environment; production is the only one that sends telemetry.',
  ],
  [
    'nobody has heard of it',
    { known: ['production', 'staging'] },
    'no-telemetry',
    ['default'],
    'What the alerts are about sends no telemetry.',
  ],
  [
    'a tenant without environments',
    { seen: seen({ default: ['service:checkout'] }), known: ['default'] },
    'unnamed',
    ['default'],
    '',
  ],
  [
    'an environment, and telemetry that names none',
    { named: ['production'], seen: seen({ default: ['service:checkout'] }), known: ['default'] },
    'unnamed',
    ['default', 'production'],
    '',
  ],
];

describe('decides which environments are read', () => {
  it.each(cases)('%s', (_name, facts, reason, read, text) => {
    const reading = decideReading({ named: [], seen: [], known: [], ...facts });
    expect(reading).toMatchObject({ reason, read });
    expect(environmentText(reading)).toBe(text);
  });
});

it('shows a bounded part of what was seen, with what is read first', () => {
  const many = Array.from({ length: 3_000 }, (_, n) => ({ environment: `e${n}`, names: ['service:cart'] }));
  const seen = [...many, { environment: 'production', names: Array.from({ length: 50 }, (_, n) => `service:s${n}`) }];
  const known = seen.map(({ environment }) => environment);
  const reading = decideReading({ named: ['production'], seen, known });
  expect(reading.read).toContain('production');
  expect(reading.seen).toHaveLength(20);
  expect(reading.seen.at(-1)).toMatchObject({ environment: 'production' });
  expect(reading.seen.at(-1)?.names).toHaveLength(20);
  const long = decideReading({ named: [], known, seen: [{ environment: 'e1', names: ['x'.repeat(60_000)] }] });
  expect(long.seen).toEqual([{ environment: 'e1', names: [] }]);
});
