/** More incidents than anybody can look at become one that claims nothing. */
import { expect, it } from 'vitest';
import { alertOf, effectsOf, incidentOf, pageOf, played, revisionsOf } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { playLine } from '../testing/scenario.ts';

const config = '0s config revisionScheduleMs=[] maxOpenedPerMinute=3';
const alerts = (from: number, to: number, atS = 0) =>
  Array.from({ length: to - from }, (_, n) => `${atS}s alert svc${from + n}x Rule${from + n}`);
const openCount = (player: Player) =>
  [...player.state.incidents.values()].filter(({ status }) => status === 'open').length;
const floodOf = (player: Player) => {
  const [id = ''] = player.state.index.floods;
  const pages = effectsOf(player, 'publish').filter(({ incident }) => incident.id === id);
  const last = pages.at(-1)?.incident;
  if (last === undefined) throw new Error('no page of a flood');
  return { last, pages: pages.length, id };
};

it('evidence that connects nothing opens as many incidents as a minute may, and one for the rest', () => {
  const player = played(config, ...alerts(0, 12), '0.2s answer settled', '9s');
  expect(openCount(player)).toBe(4);
  const { last } = floodOf(player);
  expect(last).toMatchObject({
    title: 'Alert flood: 9 alerts on 9 services, nothing known connects them',
    verdict: 'inconclusive',
    hypotheses: [],
    alertCount: 9,
    missing: [{ part: 'evidence', code: 'flood', detail: '3' }],
  });
  expect(last.alerts[0]?.reason).toBe('3 incidents opened within a minute; nothing known connects it with one of them');
  expect(pageOf(player).timeline.map(({ text }) => text)).toContain(
    `9 alerts moved to ${last.id}: nothing connects them with any incident`,
  );
});

it('no evidence is read for a flood, and its page goes out once with all of its alerts', () => {
  const player = played(config, ...alerts(0, 12), '0.2s answer settled', '20s');
  const { id, pages } = floodOf(player);
  expect(effectsOf(player, 'query').filter(({ query }) => query.incidentId === id)).toEqual([]);
  expect(pages).toBe(1);
});

it('what comes after joins the flood, and what has a reason joins its incident', () => {
  const player = played(
    config,
    ...alerts(0, 12),
    '0.2s answer settled',
    '9s',
    '9s alert late1 Late',
    '9s alert svc0x Down',
  );
  expect(alertOf(player, 'Late/late1').incidentId).toBe(floodOf(player).id);
  expect(alertOf(player, 'Down/svc0x').incidentId).toBe(incidentOf(player).id);
});

it('an alert about a service in the flood has an incident of its own once the minute is over', () => {
  const player = played(config, ...alerts(0, 12), '0.2s answer settled', '3m', '180s alert svc11x Down');
  const { id } = floodOf(player);
  expect(alertOf(player, 'Rule11/svc11x').incidentId).toBe(id);
  expect(alertOf(player, 'Down/svc11x').incidentId).not.toBe(id);
});

it('alerts that share something keep their incident, whenever they came', () => {
  const lines = [...alerts(0, 12), '0s alert pair1 Same database=orders', '0s alert pair2 Other database=orders'];
  const player = played(config, ...lines, '0.2s answer settled', '9s');
  const first = alertOf(player, 'Same/pair1').incidentId;
  expect(first).not.toBe(floodOf(player).id);
  expect(alertOf(player, 'Other/pair2').incidentId).toBe(first);
});

it('a flood resolves by the time since its last alert, and is the same after a restart', () => {
  const ends = Array.from({ length: 12 }, (_, n) => `60s alert svc${n}x Rule${n} resolved`);
  const player = played(config, ...alerts(0, 12), '0.2s answer settled', '9s', ...ends);
  expect(player.restart()).toContain('the same state');
  const { id } = floodOf(player);
  expect([...player.state.index.floods]).toEqual([id]);
  player.passTo(player.atMs + 16 * 60_000);
  expect(floodOf(player).last).toMatchObject({ status: 'resolved', firingCount: 0 });
});

it('a thousand alerts that nothing connects are a hundred incidents, one flood and few queries', () => {
  const player = played('0s config maxOpenedPerMinute=100', ...alerts(0, 1000), '0.2s answer settled');
  player.passTo(player.atMs + 10_000);
  expect(openCount(player)).toBe(101);
  expect(effectsOf(player, 'query').length).toBeLessThan(300);
  expect(floodOf(player).last.alertCount).toBe(900);
  expect(revisionsOf(player).length).toBeLessThan(8);
});

/** Mild alerts, and a second later errors: each class fills its budget and its flood. */
const twoFloods = () => {
  const mild = alerts(0, 12).map((line) => `${line} severity=info`);
  const errors = alerts(20, 32).map((line) => `${line} severity=error`);
  return played(config, ...mild, ...errors, '0.2s answer settled', '9s');
};

it('each class of severity has a flood of its own', () => {
  const player = twoFloods();
  const floods = [...player.state.index.floods].map((id) =>
    effectsOf(player, 'publish').findLast((effect) => effect.incident.id === id),
  );
  expect(floods.map((flood) => flood?.incident.alerts.map(({ severity }) => severity))).toEqual([
    Array(9).fill('error'),
    Array(9).fill('info'),
  ]);
});

it('a late alert opens its incident while the budget of its severity lasts, and joins the flood of its severity then', () => {
  const player = twoFloods();
  const late = ['info', 'error', 'critical'].map((severity) => {
    playLine(player, `9s alert late-${severity} Late severity=${severity}`);
    const { incidentId } = alertOf(player, `Late/late-${severity}`);
    return player.state.incidents.get(incidentId ?? '')?.isFlood === true;
  });
  expect(late).toEqual([true, true, false]);
});

it('regrouping lets a critical alert open its incident, however many milder ones came before it', () => {
  const mild = alerts(0, 12).map((line) => `${line} severity=info`);
  const player = played(config, ...mild, '0s alert checkout Down', '0.2s answer settled', '9s');
  const id = alertOf(player, 'Down/checkout').incidentId ?? '';
  expect(player.state.incidents.get(id)?.isFlood).toBeUndefined();
  expect([...(player.state.members.get(id)?.keys ?? [])]).toEqual(['am/Down/checkout']);
});
