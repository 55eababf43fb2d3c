/** Pairs of recorded faults that alert within half a second, each in its own namespace. See docs/adr/0050-own-faults.md. */
import type { Incident } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import type { Report } from '../cluster.ts';
import { noTelemetry } from '../play.ts';
import { type Found, type PairOptions, playPair, withOwnImages } from './pairs.ts';
import { outcomesOf, replayAll } from './table.ts';

const replays = replayAll();
const [run] = replays;
if (run === undefined) throw new Error('no recording');
const recorded = outcomesOf(replays).flatMap((outcome): Found[] =>
  outcome.finding === null ? [] : [{ ...outcome, finding: outcome.finding }],
);
const byName = (name: string): Found => {
  const found = recorded.find(({ fault }) => fault.name === name);
  if (found === undefined) throw new Error(`no fault ${name}`);
  return found;
};

/** Their cause is outside the workload: another alert may have the same one. */
const shared = new Set([
  'registry-limits-pulls',
  'registry-unreachable',
  'admission-webhook-down',
  'dns-down',
  'node-not-ready',
  'node-disk-pressure',
  'node-memory-pressure',
  'pod-evicted',
]);
/** An alert about one of these alone is not led to it: see docs/adr/0048-real-api-server.md. The certificate expired weeks before. */
const misjudgedAlone = new Set(['failed-job', 'budget-blocks-drain', 'certificate-expired']);
/** The change that made it is in the other recording. */
const otherRecording = 'secret-key-removed';
const own = recorded.filter(
  ({ fault: { name } }) => !shared.has(name) && !misjudgedAlone.has(name) && name !== otherRecording,
);
const pairs = own.map((one, at) => [one, own[(at + 1) % own.length] ?? one] as const);

const play = (pair: readonly [Found, Found], options: Partial<PairOptions> = {}) =>
  playPair(run, pair, { delayMs: 65, change: withOwnImages, ...options });

/** Which alert each incident has, and the namespace of the object and the change that it blames, in the order of the alerts. */
const blamed = (incidents: readonly Incident[]): string[] =>
  incidents
    .map(({ alerts, verdict, hypotheses: [best] }) => {
      const members = alerts.map(({ fingerprint }) => fingerprint).join('+');
      return `${members}: ${verdict} ${best?.fault?.object.namespace ?? 'no fault'} ${best?.changeId ?? ''}`;
    })
    .toSorted();
const rightFor = (pair: readonly Found[]): string[] =>
  pair.map(({ finding, change }, at) => `${at}: identified ${finding.object.namespace} ${change?.id ?? ''}`);

describe('two faults of two namespaces are two incidents, each with its own object and change', () => {
  it.each(pairs.map(([a, b], at) => [a.fault.name, b.fault.name, (at * 65) % 500, [a, b]] as const))(
    '%s and %s, %i ms apart',
    (_a, _b, delayMs, pair) => {
      expect(blamed(play([...pair], { delayMs }))).toEqual(rightFor(pair));
    },
  );

  it.each([
    ['the store answers at once', { store: { answer: noTelemetry } }],
    ['the store never answers', { store: { answer: () => null } }],
    ['the second one comes a minute later', { delayMs: 60_000 }],
    ['both begin at the same time', { delayMs: 0 }],
  ] as const)('%s', (_what, options) => {
    const pair = [byName('config-map-missing'), byName('secret-missing')] as const;
    expect(blamed(play([...pair], options))).toEqual(rightFor(pair));
  });
});

describe('two faults that share something are one incident', () => {
  const pair: [Found, Found] = [byName('config-map-missing'), byName('secret-missing')];
  const onFinding =
    (change: (finding: Found['finding']) => Partial<Found['finding']>) =>
    (report: Report): Report =>
      report.kind === 'finding'
        ? { ...report, finding: { ...report.finding, ...change(report.finding) } }
        : withOwnImages(report);
  const target = { kind: 'Secret', namespace: 'platform', name: 'database' };

  it.each([
    ['a Secret', { change: onFinding(() => ({ target })) }],
    [
      'a change',
      { change: onFinding(({ changedBy }) => ({ changedBy: changedBy && { ...changedBy, changeId: 'release' } })) },
    ],
    ['a node', { entities: { node: 'n1' } }],
  ] as const)('%s', (_what, options) => {
    expect(play(pair, options)).toHaveLength(1);
  });

  it('an image', () => {
    const faults: [Found, Found] = [byName('crash-by-exit-code'), byName('crash-by-signal')];
    expect(play(faults, { change: (report) => report })).toHaveLength(1);
    expect(play(faults)).toHaveLength(2);
  });

  it('the DNS of their cluster', () => {
    expect(play([byName('network-policy-dns'), byName('dns-down')])).toHaveLength(1);
  });
});
