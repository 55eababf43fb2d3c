import { expect, it } from 'vitest';
import { historyOf } from './state/incident.ts';
import { alertOf, incidentOf, pageOf, played, revisionsOf } from './testing/played.ts';

const answered = [
  '0s alert cart Slow',
  '0s alert db Slow',
  '0.2s answer settled disturbed=cart,db edges=cart->db cause=db',
];

it('the same id is one command, whatever it asks for the second time', () => {
  const player = played(...answered, '1s note #1 x id=a', '2s resolve #1 id=a');
  expect(incidentOf(player).status).toBe('open');
  expect(historyOf(player.state, incidentOf(player).id).commands).toHaveLength(1);
});

it('a refused command is remembered as well: asked again, it is not tried again', () => {
  const player = played(...answered, '1s reopen #1 id=a', '2s resolve #1 id=b', '3s reopen #1 id=a');
  expect(incidentOf(player).status).toBe('resolved');
});

it('each command is answered by a revision at once', () => {
  const player = played(...answered, '1s note #1 x id=a', '1.001s note #1 y id=b');
  expect(revisionsOf(player).map(({ commands }) => commands.map(({ id }) => id))).toEqual([[], ['a'], ['a', 'b']]);
});

it('a command for nothing is remembered, and no revision tells of it', () => {
  const player = played(...answered);
  const before = revisionsOf(player).length;
  const later = played(...answered, '1s note nobody x id=a');
  expect(later.state.commands.get('a')).toMatchObject({ result: 'refused' });
  expect(revisionsOf(later)).toHaveLength(before);
});

it('both sides of a split tell of it and read evidence of their own', () => {
  const player = played(...answered, '1s split #1 Slow/db');
  const kinds = ['#1', '#2'].map(
    (name) => historyOf(player.state, incidentOf(player, name).id).timeline.at(-1)?.event.kind,
  );
  expect(kinds).toEqual(['split-by', 'split-from']);
  expect(player.state.queries.size).toBe(2);
});

it('a merge forgets the split that it contradicts, and no other', () => {
  const split = [...answered, '0.3s alert cart Errors', '1s split #1 Slow/db id=s', '2s split #1 Errors/cart id=t'];
  expect([...played(...split).state.splits.keys()]).toEqual(['s', 't']);
  const merged = played(...split, '3s merge #1 #2');
  expect([...merged.state.splits.keys()]).toEqual(['t']);
  expect(alertOf(merged, 'Slow/db').incidentId).toBe(incidentOf(merged).id);
});

it('what a person says fixed it is the resolution of the page', () => {
  expect(pageOf(played(...answered, '1s resolve #1 restarted db')).resolution).toBe('restarted db');
});

it('what did not help and what worked are on the incident, by person', () => {
  const player = played(
    ...answered,
    '1s remediation #1 restarted failed',
    '2s remediation #1 scaled worked cart',
    '3s resolve #1',
  );
  expect(pageOf(player).remediations).toEqual([
    {
      kind: 'restarted',
      target: 'db',
      worked: false,
      actor: 'ann',
      atMs: expect.any(Number),
      doneAtMs: expect.any(Number),
    },
    {
      kind: 'scaled',
      target: 'cart',
      worked: true,
      actor: 'ann',
      atMs: expect.any(Number),
      doneAtMs: expect.any(Number),
    },
  ]);
  expect(pageOf(player).timeline.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['ann: restarted db, did not help', 'ann: scaled cart']),
  );
});

it('what fixed it may be said after the end, a false alarm has no target, and the newest twenty are kept', () => {
  const taps = Array.from({ length: 25 }, (_, index) => `${index + 3}s remediation #1 false-alarm worked`);
  const { remediations = [], status } = pageOf(played(...answered, '2s resolve #1', ...taps));
  expect([status, remediations.length, remediations[0]?.target]).toEqual(['resolved', 20, '']);
});

it('an incident that was merged away has no remediation of its own', () => {
  const player = played(...answered, '1s split #1 Slow/db', '2s merge #1 #2', '3s remediation #2 scaled worked id=r');
  expect(player.state.commands.get('r')).toMatchObject({ result: 'refused' });
});
