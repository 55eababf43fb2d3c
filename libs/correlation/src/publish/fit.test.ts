/** A revision fits whatever its parts are, and says what it leaves out. */
import type { Incident, IncidentMember } from '@faultline/model';
import { expect, it } from 'vitest';
import { pageOf, played } from '../testing/played.ts';
import { createRandom } from '../testing/random.ts';
import { fitIncident, fitMember } from './fit.ts';
import { memberOf } from './member.ts';

const page = pageOf(played('0s alert cart Slow', '0.2s answer settled cause=cart'));
const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
const factOf = ({ missing }: Incident) => missing.find(({ code }) => code === 'too-large')?.detail;
const long = 'é'.repeat(200_000);

it('what fits is not touched, and without a limit nothing is', () => {
  expect(fitIncident(page, bytesOf(page))).toBe(page);
  expect(fitIncident({ ...page, title: long }, 0).title).toBe(long);
});

it('labels go first, and the rest of the page stays', () => {
  const alerts = page.alerts.map((alert) => ({ ...alert, labels: { a: 'x', b: long, c: 'y' } }));
  const fitted = fitIncident({ ...page, alerts }, 20_000);
  expect(factOf(fitted)).toBe('labels');
  expect(fitted.missingEvidence.at(-1)).toBe('page: too large, so it leaves out labels');
  expect(fitted.alerts[0]?.labels).toMatchObject({ a: 'x' });
  expect({ ...fitted, alerts: [], missing: [], missingEvidence: [] }).toEqual({
    ...page,
    alerts: [],
    missing: [],
    missingEvidence: [],
  });
});

it('the newest notes stay, in short', () => {
  const timeline = Array.from({ length: 60 }, (_, n) => ({ atMs: n, kind: 'note', text: `${n} ${long}` }));
  const fitted = fitIncident({ ...page, timeline }, 20_000);
  expect(factOf(fitted)).toBe('labels, timeline');
  expect(fitted.timeline).toHaveLength(20);
  expect(fitted.timeline.at(-1)?.text).toMatch(/^59 é+…$/);
});

/** Every text and list of a value made larger at random. Texts that only a few words may be stay. */
function grown(value: unknown, random: () => number, name = ''): unknown {
  if (typeof value === 'string')
    return random() < 0.2 && !/^(id|tenant|status|severity|kind|verdict|evidenceState|level|impact|code)$/.test(name)
      ? value + long.slice(0, random() * 50_000)
      : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => grown(item, random));
    return random() < 0.3 ? items.flatMap((item) => Array.from({ length: 1 + random() * 50 }, () => item)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, grown(item, random, key)]));
}

it.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i: whatever grows, the revision fits', (seed) => {
  const random = createRandom(seed);
  const large = grown(page, random) as Incident;
  const fitted = fitIncident(large, 12_000);
  expect(bytesOf(fitted)).toBeLessThanOrEqual(12_000);
  expect([fitted.id, fitted.scope.tenant, fitted.alertCount]).toEqual([page.id, 't', page.alertCount]);
  expect(factOf(fitted) === undefined).toBe(fitted === large);
});

it('a member with a megabyte of labels keeps those that fit', () => {
  const alert = { ...played('0s alert cart Slow').state.alerts.values().next().value, labels: { a: 'x', b: long } };
  const member = memberOf({ tenant: 't', environment: '' }, {
    kind: 'member-change',
    incidentId: 'i',
    revision: 1,
    alert,
    membership: 'present',
  } as Parameters<typeof memberOf>[1]);
  const fitted: IncidentMember = fitMember(member, 20_000);
  expect(bytesOf(fitted.alert.labels)).toBeLessThanOrEqual(10_000);
  expect(fitted.alert.labels['a']).toBe('x');
  expect(fitMember(member, 0)).toBe(member);
  const named = fitMember({ ...member, entities: { service: long, node: 'n' } }, 20_000);
  expect(bytesOf(named)).toBeLessThanOrEqual(20_000);
  expect([named.entities.node, named.alert.fingerprint]).toEqual(['n', 'Slow/cart']);
});
