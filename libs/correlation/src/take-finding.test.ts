import { expect, it } from 'vitest';
import { takeFinding } from './take-finding.ts';
import { incidentOf, played, stepOf } from './testing/played.ts';
import { originMs } from './testing/player.ts';
import { newFinding } from './testing/record.ts';

it('keeps the last version, whatever the order in which versions come', () => {
  const player = played();
  const step = stepOf(player);
  takeFinding(step, newFinding({ observedAtMs: originMs + 2, affected: 3 }));
  takeFinding(step, newFinding({ observedAtMs: originMs + 1, affected: 1 }));
  expect([...player.state.findings.values()].map(({ affected }) => affected)).toEqual([3]);
});

it('of two versions of the same millisecond keeps the one that came last', () => {
  const player = played();
  const step = stepOf(player);
  takeFinding(step, newFinding({ observedAtMs: originMs }));
  takeFinding(step, newFinding({ observedAtMs: originMs, endedAtMs: originMs }));
  expect([...player.state.findings.values()].map(({ endedAtMs }) => endedAtMs)).toEqual([originMs]);
});

it('a fault that appears or ends lets open incidents read evidence again; a count that changed does not', () => {
  const player = played('0s alert db Slow', '0.1s answer #1 settled cause=db');
  const incident = incidentOf(player);
  const asked = (finding: Parameters<typeof newFinding>[0]) => {
    incident.nextAskMs = null;
    takeFinding(stepOf(player), newFinding(finding));
    return incident.nextAskMs !== null;
  };
  expect(asked({})).toBe(true);
  expect(asked({ observedAtMs: originMs + 1, affected: 2 })).toBe(false);
  expect(asked({ observedAtMs: originMs + 2, endedAtMs: originMs + 2 })).toBe(true);
});

it('drops what ended first, then what began first', () => {
  const player = played('0s config maxFindings=2');
  const step = stepOf(player);
  takeFinding(step, newFinding({ id: 'a', sinceMs: originMs - 5 }));
  takeFinding(step, newFinding({ id: 'b', endedAtMs: originMs }));
  takeFinding(step, newFinding({ id: 'c' }));
  expect([...player.state.findings.keys()]).toEqual(['a', 'c']);
  takeFinding(step, newFinding({ id: 'd' }));
  expect([...player.state.findings.keys()]).toEqual(['c', 'd']);
});
