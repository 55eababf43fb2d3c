import { join } from 'node:path';
import type { Incident } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { incident, likelyCause, resolved } from '../testing/incident.ts';
import { digestOf, parseDigest } from './digest.ts';
import { duration, listed, oneLine, percent } from './format.ts';
import { renderPage } from './page.ts';
import { rawPage } from './raw.ts';
import { pageText } from './text.ts';

const options = { publicUrl: 'https://faultline.example.com', timeZone: 'UTC' };
const hostile = 'a\nb\u0007\u2028c '.repeat(500);
const base = incident();
const never = (): never => {
  throw new Error('the fixture has no evidence');
};

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
    hypotheses: [{ ...likelyCause, probability: 0.3 }],
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
        ...likelyCause,
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
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines[0]?.length).toBeLessThanOrEqual(100);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'testdata', `${name}.txt`));
  });
});

it.each([
  ['critical', {}, 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC'],
  ['one alert', { alertCount: 1 }, 'CRIT checkout HighLatency (production): likely orders-db, slow since 14:01 UTC'],
  [
    'no environment',
    { environments: [], scope: { tenant: 'default', environment: '' } },
    'CRIT checkout HighLatency x40: likely',
  ],
  ['the usual environment', { environments: ['default'] }, 'CRIT checkout HighLatency x40: likely'],
  ['two environments', { environments: ['eu', 'us'] }, 'CRIT checkout HighLatency x40 (eu, us): likely'],
  [
    'four environments',
    { environments: ['a', 'b', 'c', 'd'] },
    'CRIT checkout HighLatency x40 (a, b and 2 more): likely',
  ],
  ['an older release', { environments: [] }, 'CRIT checkout HighLatency x40 (production): likely'],
  ['a warning', { severity: 'warning' }, 'WARN checkout'],
  ['acknowledged', { status: 'acknowledged' }, 'CRIT acknowledged checkout'],
  ['a test', { environments: ['faultline-test'] }, 'TEST CRIT checkout HighLatency x40 (faultline-test)'],
  ['the end of a test', { environments: ['faultline-test'], status: 'resolved' }, 'TEST RESOLVED checkout'],
  [
    'pending',
    { verdict: 'inconclusive', evidenceState: 'pending' },
    '(production): cause not known yet, since 14:02 UTC',
  ],
  ['unclear', { verdict: 'inconclusive' }, '(production): cause unclear, since 14:02 UTC'],
  [
    'resolved',
    { status: 'resolved' },
    'RESOLVED checkout HighLatency x40 (production): was orders-db, slow, 14:01 UTC, for 1 min',
  ],
] as const)('the headline of %s', (_name, changed, expected) => {
  expect(renderPage(incident(changed), options).headline).toContain(expected);
});

it('is no test when it also concerns another environment', () => {
  const { headline } = renderPage(incident({ environments: ['faultline-test', 'production'] }), options);
  expect(headline).toMatch(/^CRIT checkout/);
});

it('says which environment was read where the alerts do not say it', () => {
  const environmentReading = {
    reason: 'ambiguous',
    read: ['production', 'staging'],
    named: [],
    seen: ['production', 'staging'].map((environment) => ({ environment, names: ['service:checkout'] })),
    qualified: ['checkout'],
  } as const;
  expect(renderPage(incident({ environmentReading }), options).environment).toBe(
    'checkout sends telemetry in production and staging; the alerts name none of them. Read: production and staging.',
  );
  expect(renderPage(incident({}), options).environment).toBe('');
});

it('says in full why it was held back', () => {
  const why = 'held back until now by the rule nightly upgrade of the order databases (owner storage-and-databases)';
  const text = `paged: severity critical, a service that users call is unhealthy, ${why}`;
  const triage = { level: 'page', impact: 'broad', severity: 'critical', reasons: [], atMs: 0, text } as const;
  expect(renderPage(incident({ triage }), options).triage).toContain(why);
});

it('the headline names a service rather than a pod', () => {
  const pod = { ...(base.alerts[0] ?? never()), entity: 'pod:checkout-7f-x2', name: 'PodSlow' };
  const guess = incident({ alerts: [pod, ...base.alerts], verdict: 'inconclusive', evidenceState: 'pending' });
  expect(renderPage(guess, options).headline).toMatch(/^CRIT orders HighLatency and 39 more/);
});

it('the headline names the newest of the worst alerts that fire', () => {
  const [one = never()] = base.alerts;
  const alertOf = (service: string, over: Partial<typeof one>) => ({ ...one, entity: `service:${service}`, ...over });
  const alerts = [
    alertOf('info', { severity: 'info', startsAtMs: 9 }),
    alertOf('old', { startsAtMs: 1 }),
    alertOf('new', { startsAtMs: 2 }),
    alertOf('over', { startsAtMs: 3, status: 'resolved' }),
  ];
  const unclear = incident({ alerts, alertCount: 4, verdict: 'inconclusive' });
  expect(renderPage(unclear, options).headline).toMatch(/^CRIT new HighLatency x4/);
});

it('the headline names the cause within 100 characters, however long the names are', () => {
  const alerts = base.alerts.map((alert, index) => ({
    ...alert,
    name: `KubernetesDeploymentReplicasMismatch${index}`,
  }));
  const long = 'checkout-and-payment-orchestration-service-production';
  const cause = { ...likelyCause, cause: { ...likelyCause.cause, service: `${long}-db` }, path: [`${long}-db`, long] };
  const { headline } = renderPage(
    incident({ alerts, hypotheses: [cause], environments: ['production-eu-west-1'] }),
    options,
  );
  expect(headline.length).toBeLessThanOrEqual(100);
  expect(headline).toMatch(/^CRIT orders.* and 39 more .*: likely checkout.*, slow since 14:01 UTC$/);
});

it('a pinned cause names the person instead of a probability', () => {
  const pin = { ...(likelyCause.evidence[0] ?? never()), kind: 'pinned', summary: 'pinned by mira', source: null };
  const page = renderPage(incident({ hypotheses: [{ ...likelyCause, probability: 0.99, evidence: [pin] }] }), options);
  expect(page.headline).toContain(': pinned orders-db, slow');
  expect(page.cause).toContain('(pinned by mira)');
  expect(pageText(page)).not.toContain('99 %');
});

it('a first guess without telemetry names no cause', () => {
  const guess = incident({ verdict: 'inconclusive', evidenceState: 'pending' });
  const { headline, cause, path, evidence, alternatives, refutation } = renderPage(guess, options);
  expect([headline, cause, path, ...evidence, alternatives, refutation].join(' ')).not.toContain('orders-db');
});

it('a store that could not be read is said so, since when, and when it is read again', () => {
  const missing = [{ part: 'store', code: 'unreachable', detail: '' }] as const;
  const evidenceRetry = { sinceMs: base.startedAtMs, withinMs: 8000 };
  const unread = incident({
    verdict: 'inconclusive',
    evidenceState: 'pending',
    hypotheses: [],
    missing,
    evidenceRetry,
  });
  const said = 'evidence could not be read since 14:02 UTC, next try within 8 s';
  expect(renderPage(unread, options).cause).toBe(`Cause: not known, ${said}`);
  expect(renderPage(incident({ missing, evidenceRetry }), options).footer).toBe(`Evidence: old, ${said}`);
});

it('a guess by alerts alone names no cause', () => {
  const alone = { ...likelyCause, evidence: likelyCause.evidence.map((one) => ({ ...one, kind: 'alerts' })) };
  const { cause, evidence } = renderPage(incident({ verdict: 'inconclusive', hypotheses: [alone] }), options);
  expect([cause, ...evidence].join(' ')).not.toContain('orders-db');
});

it('alerts that telemetry knows nothing of are said so', () => {
  const missing = [{ part: 'alerts', code: 'unknown-subject', detail: 'legacy' }] as const;
  const { cause } = renderPage(incident({ verdict: 'inconclusive', hypotheses: [], missing }), options);
  expect(cause).toBe('Cause: not known, telemetry knows nothing of legacy');
});

it('other incidents of the same minutes are counted', () => {
  const { impact } = renderPage(incident({ concurrent: { count: 2, incidentIds: ['a', 'b'] } }), options);
  expect(impact).toContain('; 2 other incidents began then, not connected');
});

it('an alert that names nothing is said so', () => {
  const missing = [{ part: 'alerts', code: 'no-subject', detail: '' }] as const;
  const { cause } = renderPage(incident({ verdict: 'inconclusive', hypotheses: [], missing }), options);
  expect(cause).toBe('Cause: not known, the alert names no service');
});

it.each([
  [0, '<1 %'],
  [0.004, '<1 %'],
  [0.824, '82 %'],
  [0.996, '>99 %'],
  [1, '>99 %'],
])('a probability of %d reads %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

it('changes without a suspect are counted', () => {
  const [change] = base.changes;
  if (change === undefined) throw new Error('the incident has a change');
  const innocent = { ...change, verdict: 'innocent' as const };
  const lineOf = (changes: Incident['changes']) =>
    renderPage(incident({ changes, hypotheses: [{ ...likelyCause, changeId: null }] }), options).change;
  expect(lineOf([innocent])).toBe('Change: 1 recent change, not suspected');
  expect(lineOf([innocent, { ...innocent, id: 'c2' }])).toBe('Change: 2 recent changes, none suspected');
});

it('times are shown in the configured zone', () => {
  expect(renderPage(base, { ...options, timeZone: 'Asia/Kolkata' }).headline).toMatch(/, slow since 19:31 GMT\+5:30$/);
});

it('a revision that says the same is the same page', () => {
  const digest = (scene = base) => digestOf(renderPage(scene, options));
  expect(digest(incident({ revision: 7, updatedAtMs: 1 }))).toBe(digest());
  expect(digest(incident({ firingCount: 1 }))).not.toBe(digest());
  expect(parseDigest(digest())?.status).toBe('open');
  expect(parseDigest(digest(incident({ firingCount: 1 })))?.cause).toBe(parseDigest(digest())?.cause);
});

it.each(['', 'a.b', 'a.b.c', 'a.b.open.d', 'a.b.open.info.info'])('%s is no digest', (text) => {
  expect(parseDigest(text)).toBeNull();
});

it('the raw page needs nothing but flat fields', () => {
  expect(pageText(rawPage(base, options))).toContain(
    'CRIT HighLatency on checkout\nDetails: https://faultline.example.com/incidents/inc1',
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

it('a flood says that nothing connects its alerts, and an unclear cause says whether telemetry is still arriving', () => {
  const missing = [{ part: 'evidence', code: 'flood', detail: '100' }] as const;
  const flood = incident({
    verdict: 'inconclusive',
    evidenceState: 'pending',
    hypotheses: [],
    missing,
    title: 'Alert flood: 200 alerts on 200 services, nothing known connects them',
    missingEvidence: ['evidence: not read'],
  });
  const page = renderPage(flood, options);
  expect(page.headline).toMatch(
    /^CRIT Alert flood: 200 alerts on 200 services, nothing known connects them, since 14:02 UTC$/,
  );
  expect(page.cause).toBe('Cause: not known, nothing known connects these alerts');
  expect(page.footer).toBe('evidence: not read');
  const unclear = { verdict: 'inconclusive', hypotheses: [] } as const;
  const causeAt = (evidenceState: 'provisional' | 'settled') =>
    renderPage(incident({ ...unclear, evidenceState }), options).cause;
  expect(causeAt('provisional')).toBe('Cause: not known yet, telemetry is still arriving');
  expect(causeAt('settled')).toBe('Cause: unclear, nothing stands out in the evidence');
});

it('a fault that a cluster reports is told in full in the cause line, and once', () => {
  const object = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
  const target = { kind: 'Secret', namespace: 'shop', name: 'pay-db' };
  const fault = {
    id: 'f1',
    mechanism: 'secret-missing',
    object,
    field: 'spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef',
    target,
    targetKey: 'url',
    sinceMs: base.startedAtMs,
    endedAtMs: null,
    affected: 3,
    total: 3,
    measures: {},
    changedBy: { changeId: 'c', object: target, actor: 'kustomize-controller', atMs: base.startedAtMs },
  } as const;
  const [first = never()] = likelyCause.evidence;
  const evidence = [{ ...first, kind: 'pods-not-starting', entity: 'fault:f1', summary: 'Deployment shop/pay' }];
  const page = renderPage(incident({ hypotheses: [{ ...likelyCause, evidence, fault }] }), options);
  expect(page.cause).toMatch(
    /^Cause: Deployment shop\/pay: env DB_URL refers to key url of Secret pay-db, which is missing \(3 of 3\), since \d\d:\d\d UTC, when kustomize-controller changed Secret pay-db \(82 %\)$/,
  );
  expect(page.evidence).toEqual([]);
});

describe('without any telemetry', () => {
  const [change = never()] = base.changes;
  const recent = {
    ...change,
    entity: 'service:checkout',
    startedAtMs: base.startedAtMs - 20_000,
    verdict: 'possible',
    reason: 'made 20 s before the first alert; no telemetry of checkout was read',
  } as const;
  const nothing = {
    verdict: 'inconclusive',
    evidenceState: 'settled',
    hypotheses: [],
    missing: [{ part: 'evidence', code: 'none', detail: '' }],
  } as const;

  it('the page says so', () => {
    expect(renderPage(incident(nothing), options).cause).toBe('Cause: not known, no telemetry comes from production');
    const unnamed = { environments: [], scope: { tenant: 'default', environment: '' } };
    expect(renderPage(incident({ ...nothing, ...unnamed }), options).cause).toBe(
      'Cause: not known, no telemetry was read',
    );
  });

  it('the last change of what alerts is named with its age', () => {
    const older = { ...recent, id: 'c0', startedAtMs: recent.startedAtMs - 60_000 };
    const elsewhere = { ...recent, id: 'c2', entity: 'service:batch', startedAtMs: base.startedAtMs };
    const page = renderPage(incident({ ...nothing, changes: [older, recent, elsewhere] }), options);
    expect(page.change).toBe('Change: deploy "orders v41 -> v42" by alice at 14:01 UTC, 20 s before the first alert');
    expect(page.changeReason).toBe(`${recent.reason}; 1 other recent change`);
  });

  it('an acquitted one is counted', () => {
    const page = renderPage(incident({ ...nothing, changes: [{ ...recent, verdict: 'innocent' }] }), options);
    expect([page.change, page.changeReason]).toEqual(['Change: 1 recent change, not suspected', '']);
  });
});

it('who refused a cause is said in a line', () => {
  const rejectedCauses = [{ service: 'accounts-db', actor: 'mira', atMs: 1 }];
  expect(pageText(renderPage(incident({ rejectedCauses }), options))).toContain('\nmira: not accounts-db\n');
});

it('a count that reached its limit says that there may be more', () => {
  const { impact } = renderPage(incident({ concurrent: { count: 20, incidentIds: ['a'] } }), options);
  expect(impact).toContain('; 20 or more other incidents began then');
});

it('a time of another day has its date', () => {
  const day = 86_400_000;
  const headlineAt = (startedAtMs: number) =>
    renderPage(incident({ verdict: 'inconclusive', hypotheses: [], startedAtMs }), options).headline;
  expect(headlineAt(base.startedAtMs - day)).toMatch(/since 28 Feb, 14:02 UTC$/);
  expect(headlineAt(base.startedAtMs - 270 * day)).toMatch(/since 4 Jun 2025, 14:02 UTC$/);
  expect(duration(0, 270 * day)).toBe('270 d');
});

it('names the owner of the cause and the owner of the symptom, however long the first one is', () => {
  const owners = [
    { team: 'storage'.repeat(20), contact: '', why: 'owns orders-db, the likely cause' },
    { team: 'shop', contact: '#shop', why: 'owns checkout, which alerts' },
  ];
  const { owner, mentions } = renderPage(incident({ owners }), options);
  expect(owner).toContain('; shop #shop (owns checkout, which alerts)');
  expect(mentions.map(({ contact }) => contact)).toEqual(['', '#shop']);
});

describe('the commit of the suspected change that touches what fails', () => {
  const [change = never()] = base.changes;
  const commit = { id: 'a1b2c3d4e5', author: 'ana', message: 'Round totals up', url: '', touches: [] };
  const touches = [{ reason: 'log' as const, failing: 'TypeError at charge', by: 'src/pay/charge.ts' }];
  const reasonOf = (commits: (typeof change)['commits']) =>
    renderPage(incident({ changes: [{ ...change, ...(commits && { commits }) }] }), options).changeReason;

  it('is named with its author and the reason', () => {
    expect(reasonOf([{ ...commit, touches }])).toBe(
      'commit a1b2c3d "Round totals up" by ana: src/pay/charge.ts touches the failing log line',
    );
  });

  it('is suspected while no cause is identified', () => {
    const suspects = [{ ...change, verdict: 'suspect' as const, commits: [{ ...commit, touches }] }];
    const { changeReason } = renderPage(incident({ verdict: 'inconclusive', changes: suspects }), options);
    expect(changeReason).toMatch(/^suspected commit a1b2c3d "Round totals up" by ana: src/);
  });

  it('is not named where none touches it', () => {
    expect(reasonOf([commit])).toBe(reasonOf(undefined));
    expect(reasonOf(undefined)).not.toContain('commit');
  });
});

describe('what helped last time', () => {
  const [similar = never()] = base.similar;
  const pastOf = (changed: Partial<(typeof base.similar)[number]>) =>
    renderPage(incident({ similar: [{ ...similar, ...changed }] }), options).past;
  const done = { kind: 'rolled-back', target: 'orders v42', worked: true, minutes: 6 } as const;

  it('names the date, the action, the minutes to the recovery, and what did not help', () => {
    expect(pastOf({})).toBe(
      'Last time (3 Feb): rolled back orders v40 -> v41, recovered after 6 min; restarted orders did not help',
    );
    expect(pastOf({ resolvedAtMs: Date.UTC(2025, 10, 3), remediations: [done] })).toBe(
      'Last time (3 Nov 2025): rolled back orders v42, recovered after 6 min',
    );
  });

  it('claims no minutes where nobody knows when it was done', () => {
    expect(pastOf({ remediations: [{ ...done, minutes: null }] })).toContain('orders v42 (12 min to recovery)');
  });

  it('does not claim that an unconfirmed change helped', () => {
    expect(pastOf({ remediations: [{ ...done, kind: 'change' }] })).toContain('recovered 6 min after "orders v42"');
  });

  it('a false alarm is one', () => {
    expect(pastOf({ remediations: [{ ...done, kind: 'false-alarm' }] })).toBe('Last time (3 Feb): false alarm');
  });

  it('falls back to the words of the resolution', () => {
    expect(pastOf({ remediations: [], resolvedAtMs: null })).toBe(
      'Last time: orders-db latency; rolled back orders (12 min to recovery)',
    );
  });
});

it('says who fixed it, once a person said so', () => {
  const fix = { kind: 'scaled', target: 'orders', worked: true, actor: 'mira', atMs: 1, doneAtMs: 1 } as const;
  const fixOf = (remediations: Incident['remediations'] = []) => renderPage(incident({ remediations }), options).fix;
  expect(fixOf([fix])).toBe('Fixed: scaled orders (mira)');
  expect([fixOf([{ ...fix, actor: '' }]), fixOf([{ ...fix, worked: false }])]).toEqual(['', '']);
});
