import { type EvidenceResult, emptyEvidenceResult, type Hypothesis, type JudgedChange } from '@faultline/model';
import { expect, it } from 'vitest';
import { newChange } from '../testing/record.ts';
import { annotateChanges } from './annotate.ts';
import { failingOf } from './failing.ts';
import { joinChanges } from './join.ts';

const id = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0';
const joined = joinChanges([
  newChange({
    release: {
      repository: 'shop/db',
      commit: id,
      previousCommit: '',
      images: [],
      commits: [
        { id: 'beef0001', author: 'bo', message: 'Docs', url: '', files: ['README.md'] },
        { id, author: 'ana', message: 'Tidy', url: '', files: ['src/rate/charge.ts'] },
      ],
      omittedCommits: 3,
    },
  }),
]);
const judged: JudgedChange = {
  id: 'change',
  kind: 'deploy',
  entity: 'service:db',
  startedAtMs: 0,
  actor: '',
  summary: '',
  url: '',
  verdict: 'suspect',
  reason: '',
};
const hypothesis: Hypothesis = {
  rank: 1,
  probability: 0.9,
  sinceMs: 1000,
  cause: { service: 'db', instance: '', kind: 'code' },
  changeId: 'change',
  path: ['db'],
  evidence: [],
  refutation: { test: '', result: '' },
};
const line = (text: string, slice: number, severityNumber = 17) => ({
  slice,
  service: 'db',
  instance: '',
  operation: '',
  template: text,
  text,
  severityNumber,
  lines: 1,
  spans: 1,
});
const slices = [
  { fromMs: 0, toMs: 1000 },
  { fromMs: 1000, toMs: 2000 },
];
const result = (...templates: EvidenceResult['templates']): EvidenceResult => ({
  ...emptyEvidenceResult,
  slices,
  templates,
});
const annotate = (verdict: JudgedChange['verdict'], answer: EvidenceResult | null, isIdentified = true) =>
  annotateChanges(
    {
      changes: [{ ...judged, verdict }],
      hypotheses: [hypothesis],
      verdict: isIdentified ? 'identified' : 'inconclusive',
    },
    joined,
    answer,
  )[0];
const frame = line('TypeError at charge (src/rate/charge.ts:*)', 1);

it('a suspect shows its commits, first the one in the stack frame of a new error', () => {
  const change = annotate('suspect', result(frame));
  expect(change?.commitCount).toBe(5);
  expect(change?.commits?.map(({ author, touches }) => [author, touches.map(({ reason }) => reason)])).toEqual([
    ['ana', ['log']],
    ['bo', []],
  ]);
});

it.each([
  ['an error that was there before', result(line(frame.text, 0), frame)],
  ['a line that is no error', result(line(frame.text, 1, 9))],
  ['an error of another service', result({ ...frame, service: 'web' })],
  ['no evidence', null],
])('%s marks no commit', (_what, answer) => {
  expect(annotate('suspect', answer)?.commits?.flatMap(({ touches }) => touches)).toEqual([]);
});

it('a possible change shows only commits that touch what fails, and an innocent one none', () => {
  expect(annotate('possible', result(frame))?.commits).toHaveLength(1);
  expect(annotate('innocent', result(frame))?.commits).toEqual([]);
});

it('while no cause is identified, each change that may be it shows its newest commits, marked by the leading hypothesis', () => {
  const touched = (verdict: JudgedChange['verdict'], answer: EvidenceResult | null) =>
    annotate(verdict, answer, false)?.commits?.map(({ author, touches }) => [author, touches.length]);
  const marked = [
    ['ana', 1],
    ['bo', 0],
  ];
  expect(touched('possible', result(frame))).toEqual(marked);
  expect(touched('suspect', result(frame))).toEqual(marked);
  expect(touched('possible', null)).toEqual([
    ['bo', 0],
    ['ana', 0],
  ]);
  expect(touched('innocent', result(frame))).toEqual([]);
});

it('of many commits of a possible change the newest three are shown, and all are counted', () => {
  const commits = Array.from({ length: 9 }, (_, at) => ({
    id: `beef000${at}`,
    author: 'bo',
    message: 'x',
    url: '',
    files: [],
  }));
  const release = { repository: '', commit: id, previousCommit: '', images: [], commits, omittedCommits: 0 };
  const [change] = annotateChanges(
    { changes: [{ ...judged, verdict: 'possible' }], hypotheses: [], verdict: 'inconclusive' },
    joinChanges([newChange({ release })]),
    null,
  );
  expect([change?.commits?.map((each) => each.id), change?.commitCount]).toEqual([
    ['beef0000', 'beef0001', 'beef0002'],
    9,
  ]);
});

it('changes that one tool reported without commits stay as they are', () => {
  const changes = [judged];
  expect(annotateChanges({ changes, hypotheses: [], verdict: 'inconclusive' }, joinChanges([newChange()]), null)).toBe(
    changes,
  );
});

it('what fails is read from the evidence for the cause, and from the fault of an object', () => {
  const source = {
    view: 'operations',
    service: 'db',
    instance: '',
    operation: 'POST /rates',
    peer: '',
    metric: '',
    text: '',
  } as const;
  const times = { before: { fromMs: 0, toMs: 1 }, during: { fromMs: 1, toMs: 2 } };
  const evidence = { kind: 'latency', entity: '', summary: '', before: '', during: '', weight: 2, query: '' };
  const fault = {
    id: 'f',
    mechanism: 'secret-key-missing' as const,
    object: { kind: 'Deployment', namespace: 'shop', name: 'db' },
    field: 'spec.template.spec.containers[db].env[DB_URL].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'db-auth' },
    targetKey: 'url',
    sinceMs: 0,
    endedAtMs: null,
    affected: 1,
    total: 1,
    measures: {},
    changedBy: null,
  };
  const against = { ...evidence, weight: -1, source: { ...source, ...times, operation: 'GET /other' } };
  const shown = { ...hypothesis, evidence: [{ ...evidence, source: { ...source, ...times } }, against], fault };
  expect(failingOf(shown, null)).toEqual({
    services: ['db'],
    operations: ['POST /rates'],
    logLines: [],
    settings: ['DB_URL', 'db-auth', 'url'],
  });
});
