import type { AlertedIncident } from '@faultline/store';
import { describe, expect, it } from 'vitest';
import { hygieneReport } from './report.ts';
import { aFiring, aHistory, anAlertedIncident, flappingHistory, minuteMs, startMs } from './testing/history.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const alike = (count: number, changed: Partial<AlertedIncident> = {}) =>
  aHistory(
    range(count).map((index) => anAlertedIncident(index, changed)),
    range(count).map((index) => aFiring(index)),
  );
const kindsOf = (history: Parameters<typeof hygieneReport>[0]) =>
  hygieneReport(history).findings.map(({ kind, alert }) => `${kind} ${alert}`);

describe('nobody acts', () => {
  it('three pages that nobody acknowledged or acted on', () => {
    expect(kindsOf(alike(3))).toEqual(['no-action HighLatency']);
    expect(kindsOf(alike(2))).toEqual([]);
  });

  it.each([{ isAcknowledged: true }, { isActedOn: true }])('one that somebody acted on is enough: %o', (acted) => {
    const history = alike(4);
    expect(kindsOf({ ...history, incidents: [anAlertedIncident(0, acted), ...history.incidents.slice(1)] })).toEqual(
      [],
    );
  });

  it('the back-test names the incidents with impact that nobody would have been paged for', () => {
    const [finding] = hygieneReport(alike(3, { impact: 'broad' })).findings;
    expect([finding?.savedPages.length, finding?.missed.map(({ id }) => id)]).toEqual([3, ['i0', 'i1', 'i2']]);
  });

  it('an incident with another alert is not blamed on this one', () => {
    const history = alike(3);
    const other = aFiring(0, { name: 'Other' });
    expect(kindsOf({ ...history, firings: [...history.firings, other] })).toEqual([]);
  });
});

describe('flapping', () => {
  it('says how long to keep it firing, and which pages that saves', () => {
    const [finding] = hygieneReport(flappingHistory()).findings;
    expect(finding).toMatchObject({ kind: 'flapping', firings: 10, savedAlerts: 9, missed: [] });
    expect(finding?.savedPages.map(({ id }) => id)).toEqual(['i1', 'i2', 'i3', 'i4']);
    expect(finding?.patch.yaml).toContain('keep_firing_for: 4m');
  });

  it('series of their own do not flap', () => {
    const history = flappingHistory();
    const firings = history.firings.map((firing, index) => ({ ...firing, fingerprint: `f${index}` }));
    expect(kindsOf({ ...history, firings })).toEqual([]);
  });

  it('one that still fires has no gap after it', () => {
    const history = flappingHistory();
    const firings = history.firings.map((firing) => ({ ...firing, endsAtMs: null }));
    expect(kindsOf({ ...history, firings })).toEqual([]);
  });
});

describe('no impact', () => {
  const harmless = { isPaged: false, impact: 'none' };

  it('five incidents of it alone, none of which hurt a service', () => {
    expect(kindsOf(alike(5, harmless))).toEqual(['no-impact HighLatency']);
    expect(kindsOf(alike(4, harmless))).toEqual([]);
  });

  it('an unknown impact is no proof that nothing was hurt', () => {
    expect(kindsOf(alike(5, { isPaged: false, impact: 'unknown' }))).toEqual([]);
  });
});

describe('always together', () => {
  const acted = { isActedOn: true, impact: 'limited' };
  const both = (lagMs: number, others: number) =>
    aHistory(
      range(6).map((index) => anAlertedIncident(index, acted)),
      [
        ...range(6).map((index) => aFiring(index, { startsAtMs: startMs + index * 3_600_000 + lagMs })),
        ...range(others).map((index) => aFiring(index, { name: 'DatabaseSlow', labels: { service: 'checkout' } })),
      ],
    );

  it('the one that comes with another each time is inhibited by it, with the labels that both share', () => {
    const [finding, more] = hygieneReport(both(minuteMs, 6)).findings;
    expect(finding).toMatchObject({
      kind: 'always-together',
      alert: 'HighLatency',
      other: 'DatabaseSlow',
      savedAlerts: 6,
    });
    expect(finding?.patch.yaml).toContain('source_matchers:\n      - alertname="DatabaseSlow"');
    expect(finding?.patch.yaml).toContain('equal:\n      - service');
    expect(more).toBeUndefined();
  });

  it('one of twenty may be missing, also where the fewest alerts are', () => {
    const incidents = range(20).map((index) => anAlertedIncident(index, acted));
    const missing = (count: number) => [
      ...range(20).map((index) => aFiring(index)),
      // In more incidents, so it is the one that stays.
      ...range(2).map((index) => aFiring(20 + index, { name: 'DatabaseSlow' })),
      ...range(20 - count).map((index) => aFiring(index, { name: 'DatabaseSlow' })),
    ];
    const later = range(2).map((index) => anAlertedIncident(20 + index, acted));
    const kinds = (count: number) => kindsOf(aHistory([...incidents, ...later], missing(count)));
    expect(kinds(1)).toEqual(['always-together HighLatency']);
    expect(kinds(2)).toEqual([]);
  });

  it('of thousands of alerts that come together, each is compared with few', () => {
    const incidents = range(5).map((index) => anAlertedIncident(index, acted));
    const names = range(4000).map((index) => `Alert${String(index).padStart(4, '0')}`);
    const firings = names.flatMap((name) => range(5).map((index) => aFiring(index, { name, fingerprint: name })));
    expect(hygieneReport(aHistory(incidents, firings)).findings.at(-1)?.other).toBe('Alert0000');
  });

  it('not when it also comes without the other, or when the other comes later', () => {
    expect(kindsOf(both(minuteMs, 5))).toEqual(['always-together DatabaseSlow']);
    expect(kindsOf(both(-3 * minuteMs, 6))).toEqual([]);
  });
});

it('what each team owes, by month: pages that the patches would have saved', () => {
  const history = alike(3);
  const other = anAlertedIncident(9, { team: '', startedAtMs: Date.UTC(2026, 1, 1), isActedOn: true });
  const { debt } = hygieneReport({ ...history, incidents: [...history.incidents, other] });
  expect(debt).toEqual([
    { month: '2026-03', team: 'shop', pages: 3, savedPages: 3 },
    { month: '2026-02', team: '', pages: 1, savedPages: 0 },
  ]);
});

it('a firing of an incident that was not read is left out', () => {
  expect(hygieneReport(aHistory([], [aFiring(0)], true))).toEqual({
    findings: [],
    debt: [],
    incidents: 0,
    isTruncated: true,
  });
});
