import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { demotedPatch, inhibitionPatch, steadyPatch } from './patch.ts';
import { aFiring } from './testing/history.ts';

const unknown = aFiring(0, { url: 'not an address' });

it('a rule with its expression keeps it, with a lower severity', () => {
  const { target, yaml } = demotedPatch([unknown, aFiring(0)]);
  expect(target).toBe('prometheus-rule');
  expect(parse(yaml)).toEqual({
    groups: [
      { name: 'faultline-hygiene', rules: [{ alert: 'HighLatency', expr: 'up == 0', labels: { severity: 'info' } }] },
    ],
  });
});

it('without an expression, Alertmanager is told to notify nobody', () => {
  const { target, yaml } = demotedPatch([unknown]);
  expect(target).toBe('alertmanager');
  expect(parse(yaml).route.routes).toEqual([{ matchers: ['alertname="HighLatency"'], receiver: 'nobody' }]);
});

it('a rule that flaps is kept firing, in whole minutes', () => {
  expect(parse(steadyPatch([aFiring(0)], 90_000).yaml).groups[0].rules[0]).toMatchObject({
    keep_firing_for: '2m',
    labels: { severity: 'critical' },
  });
  expect(parse(steadyPatch([unknown], 60_000).yaml).route.routes[0].group_interval).toBe('1m');
});

it('a name with quotes stays one value', () => {
  const { yaml } = inhibitionPatch('a"b', 'c', []);
  expect(parse(yaml).inhibit_rules).toEqual([
    { source_matchers: ['alertname="a\\"b"'], target_matchers: ['alertname="c"'] },
  ]);
});
