/** Records that releases up to 0.1.0 saved, with sentences in them. */
import { expect, it } from 'vitest';
import { played } from '../testing/played.ts';
import { scope } from '../testing/player.ts';
import { loadState, snapshotState } from './load.ts';
import { upgradeRecord } from './upgrade.ts';

it('a reason in words is kept as such; none is null', () => {
  const upgraded = (reason: unknown) => upgradeRecord('alert', { key: 'am/a', reason, flaps: 0 });
  expect(upgraded('same service db')).toEqual({
    key: 'am/a',
    environment: '',
    reason: { kind: 'text', text: 'same service db' },
    flaps: 0,
    repeatsStart: false,
    outlived: 0,
  });
  expect(upgraded('')).toMatchObject({ reason: null });
  expect(upgraded({ kind: 'opened' })).toMatchObject({ reason: { kind: 'opened' } });
});

it('a history in words is kept as such', () => {
  const old = {
    timeline: [{ atMs: 5, kind: 'status', text: 'resolved by ann' }],
    commands: [
      { id: 'a', result: 'done', refusal: null, reason: '' },
      { id: 'b', result: 'refused', refusal: 'wrong-state', reason: 'the incident is resolved' },
    ],
    pin: null,
    resolution: 'restarted',
  };
  const upgraded = {
    timeline: [{ atMs: 5, event: { kind: 'text', timelineKind: 'status', text: 'resolved by ann' } }],
    commands: [
      { id: 'a', refusal: null },
      { id: 'b', refusal: { kind: 'text', refusal: 'wrong-state', text: 'the incident is resolved' } },
    ],
    pin: null,
    resolution: { kind: 'text', text: 'restarted' },
    rejections: [],
  };
  expect(upgradeRecord('history', old)).toEqual(upgraded);
  expect(upgradeRecord('history', upgraded)).toEqual(upgraded);
});

it('missing evidence in words becomes facts', () => {
  const old = {
    missing: ['store: unreachable'],
    ranking: { missingEvidence: ['spans: none'], disturbed: true },
    past: [],
  };
  const upgraded = {
    missing: [{ part: 'store', code: 'unreachable', detail: '' }],
    ranking: { missingEvidence: [{ part: 'spans', code: 'none', detail: '' }], disturbed: true },
    past: [],
  };
  expect(upgradeRecord('evidence', old)).toEqual(upgraded);
  expect(upgradeRecord('evidence', upgraded)).toEqual(upgraded);
});

it('what this release saves is read back as it is', () => {
  const { state } = played(
    '0s alert db Slow',
    '0.2s answer settled cause=db',
    '1s note #1 hello',
    '2s acknowledge #1 revision=9',
  );
  const records = snapshotState(state);
  expect(snapshotState(loadState(scope, records))).toEqual(records);
});
