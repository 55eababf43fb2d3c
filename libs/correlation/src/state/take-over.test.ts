import { expect, it } from 'vitest';
import { played } from '../testing/played.ts';
import { loadState, snapshotState } from './load.ts';
import { mergeStates } from './take-over.ts';

const scope = { tenant: 't', environment: '' };
const old = (environment: string, ...lines: readonly string[]) => ({
  scope: { tenant: 't', environment },
  records: snapshotState(played(...lines).state),
});

it('open incidents of all environments go on in the state of the tenant', () => {
  const state = loadState(
    scope,
    mergeStates(
      [],
      [
        old('prod', '0s alert checkout Slow', '0.5s answer settled disturbed=checkout edges=checkout->db cause=db'),
        old('default', '0s alert search Slow fp=x'),
      ],
    ),
  );
  expect([...state.alerts.values()].map(({ key, environment }) => [key, environment])).toEqual([
    ['am/Slow/checkout', 'production'],
    ['am/x', ''],
  ]);
  expect(state.incidents.size).toBe(2);
  expect([...state.topologies.keys()]).toEqual(['production']);
  for (const { anchor } of state.incidents.values()) expect(state.alerts.has(anchor)).toBe(true);
});

it('one key in two environments is two alerts', () => {
  const split = ['0s alert b Slow fp=k2', '0s alert a Slow fp=k', '1s split #1 k'];
  const state = loadState(scope, mergeStates([], [old('prod', ...split), old('staging', ...split)]));
  expect([...state.alerts.keys()].sort()).toEqual(['am/k', 'am/k2', 'am/k2@staging', 'am/k@staging']);
  for (const { key, environment } of state.alerts.values())
    expect(environment).toBe(key.endsWith('@staging') ? 'staging' : 'production');
});

it('changes and declared graphs keep their environment, and one of the whole tenant is one', () => {
  const lines = ['0s change cart 7 env=prod', '0s change web 8', '0s declare a->b env=prod'];
  const state = loadState(scope, mergeStates([], [old('prod', ...lines), old('staging', '0s change web 8')]));
  expect([...state.changes.values()].map(({ scope: { environment } }) => environment).sort()).toEqual([
    '',
    'production',
  ]);
  expect(state.graphs.size).toBe(1);
});

it('what the tenant has already stays, and what cannot be read is kept for the host to put aside', () => {
  const own = [{ key: 'command/c', value: '{"atMs":1}' }];
  const records = [
    { key: 'command/c', value: '{"atMs":2}' },
    { key: 'incident/i', value: '{"id":' },
  ];
  expect(mergeStates(own, [{ scope: { tenant: 't', environment: 'prod' }, records }])).toEqual([own[0], records[1]]);
});
