import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incident, postgres, resolved } from '../testing/incident.ts';
import { digestOf, parseDigest } from './digest.ts';
import { duration, listed, oneLine } from './format.ts';
import { renderPage } from './page.ts';
import { rawPage } from './raw.ts';
import { pageText } from './text.ts';

const options = { publicUrl: 'https://faultline.example.com', timeZone: 'UTC' };
const hostile = 'a\nb\u0007\u2028c '.repeat(500);
const base = incident();

const scenes = {
  identified: base,
  pending: incident({
    revision: 1,
    verdict: 'inconclusive',
    evidenceState: 'pending',
    hypotheses: [],
    changes: [],
    similar: [],
    missingEvidence: ['traces of the last 10 s'],
  }),
  inconclusive: incident({
    verdict: 'inconclusive',
    evidenceState: 'settled',
    hypotheses: [{ ...postgres, probability: 0.3 }],
  }),
  acknowledged: incident({ status: 'acknowledged' }),
  resolved: resolved(9),
  bare: incident({
    alerts: [],
    hypotheses: [],
    changes: [],
    similar: [],
    owners: [],
    runbooks: [],
    missingEvidence: [],
    verdict: 'inconclusive',
    evidenceState: 'settled',
    graph: { nodes: [], edges: [] },
  }),
  huge: incident({
    title: hostile,
    alertCount: 4000,
    changes: base.changes.map((change) => ({ ...change, summary: hostile, reason: hostile })),
    owners: [{ team: hostile, contact: hostile, why: hostile }],
    missingEvidence: Array.from({ length: 50 }, () => hostile),
    hypotheses: [
      {
        ...postgres,
        path: Array.from({ length: 90 }, (_, index) => `service-${index}`),
        evidence: Array.from({ length: 90 }, (_, weight) => ({
          kind: '',
          entity: '',
          summary: `${weight} ${hostile}`,
          before: '',
          during: '',
          weight: weight - 45,
          query: '',
          source: null,
        })),
      },
    ],
  }),
};

describe('golden pages', () => {
  it.each(Object.entries(scenes))('%s', async (name, scene) => {
    const text = pageText(renderPage(scene, options));
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'testdata', `${name}.txt`));
  });
});

it('times are told in the reader’s zone', () => {
  expect(renderPage(base, { ...options, timeZone: 'Asia/Kolkata' }).headline).toMatch(/ - 19:32 GMT\+5:30$/);
});

it('a revision that says the same is the same page', () => {
  const digest = (scene = base) => digestOf(renderPage(scene, options));
  expect(digest(incident({ revision: 7, updatedAtMs: 1 }))).toBe(digest());
  expect(digest(incident({ firingCount: 1 }))).not.toBe(digest());
  expect(parseDigest(digest())?.status).toBe('open');
  expect(parseDigest(digest(incident({ firingCount: 1 })))?.cause).toBe(parseDigest(digest())?.cause);
});

it.each(['', 'a.b', 'a.b.c', 'a.b.open.d'])('%s is no digest', (text) => {
  expect(parseDigest(text)).toBeNull();
});

it('the raw page needs nothing but flat fields', () => {
  expect(pageText(rawPage(base, options))).toContain(
    '[critical] HighLatency on checkout\nDetails: https://faultline.example.com/incidents/inc1',
  );
});

it('a cause without an owner is said once, with what to do', () => {
  const why = 'no owner known for db: add one under correlator.catalogue in the configuration';
  const owners = [{ team: 'unowned', contact: '', why }];
  expect(renderPage(incident({ owners }), options).owner).toBe(why);
});

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [-5, '0 s'],
])('%d ms is %s', (ms, text) => {
  expect(duration(0, ms)).toBe(text);
});

it('lists and lines are cut', () => {
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(oneLine('a\n\tb', 10)).toBe('a b');
  expect([...oneLine('😀'.repeat(20), 5)]).toHaveLength(5);
});
