import { expect, it } from 'vitest';
import { incidentOf, played } from '../testing/played.ts';
import { scope } from '../testing/player.ts';
import { createState, loadState, recordValue, snapshotState } from './load.ts';

const player = () =>
  played(
    '0s change db v1',
    '0s declare cart->db',
    '0s alert - Unreachable zone=a',
    '0.2s answer settled disturbed=db edges=cart->db cause=db',
    '1s note #1 hello',
  );

it('records may come in any order', () => {
  const { state } = player();
  const records = snapshotState(state);
  expect(snapshotState(loadState(scope, records.toReversed()))).toEqual(records);
});

it('a record of a kind that this release does not know is skipped', () => {
  const records = [
    { key: 'future/thing', value: '{"a":1}' },
    { key: 'no-slash', value: '{}' },
    { key: 'toString/x', value: '{}' },
  ];
  expect(snapshotState(loadState(scope, records))).toEqual(snapshotState(createState(scope)));
});

it('an id may hold slashes: the kind ends at the first one', () => {
  const { state } = player();
  expect(recordValue(state, 'alert/am/Unreachable/-')).toContain('"fingerprint":"Unreachable/-"');
});

it.each(['alert/nothing', 'future/thing', 'no-slash'])('there is no record %s', (key) => {
  expect(recordValue(player().state, key)).toBeNull();
});

it('what is derived is there after a load', () => {
  const { state } = player();
  const loaded = loadState(scope, snapshotState(state));
  const incident = incidentOf(player());
  expect([...loaded.index.byFailureDomain.get('zone:a')]).toEqual([incident.id]);
  expect([...loaded.index.byCause.get('db')]).toEqual([incident.id]);
  expect(loaded.members.get(incident.id)?.firing).toBe(1);
  expect(loaded.timers.next()).toBe(state.timers.next());
});
