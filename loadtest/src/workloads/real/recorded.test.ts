/** The recording of a real API server, replayed: the same faults and changes, and nothing of a Secret. docs/kubernetes.md has the table. */
import { readFileSync, statSync } from 'node:fs';
import { objectText } from '@faultline/model';
import { expect, it } from 'vitest';
import { incidentOf } from '../play.ts';
import { realFaults } from './faults.ts';
import { readRecording, replay } from './recording.ts';
import { type Outcome, outcomesOf, page, recordingFiles, withOutcomes } from './table.ts';

const recordings = recordingFiles.map(readRecording);
const replays = recordings.map(replay);
const outcomes = outcomesOf(replays);

it.each(outcomes.map((outcome) => [outcome.fault.name, outcome] as const))(
  '%s: mechanism, object and field are named',
  (_name, { finding }) => {
    expect(finding).not.toBeNull();
  },
);

it.each(outcomes.filter(({ fault }) => fault.hasChange).map((outcome) => [outcome.fault.name, outcome] as const))(
  '%s: the change that made it is named, and who made it',
  (_name, { change }) => {
    expect(change?.actor).toBe('kustomize-controller');
  },
);

it.each(outcomes.filter(({ fault }) => !fault.hasChange).map((outcome) => [outcome.fault.name, outcome] as const))(
  '%s: no change is blamed, as none made it',
  (_name, { change }) => {
    expect(change).toBeNull();
  },
);

/** Mechanism, object and change of the first hypothesis, two minutes after the fault. All other faults of the recording are decoys. */
function isBlamed({ fault, finding, change }: Outcome): boolean {
  const run = replays.findLast(({ findings }) => findings.some(({ id }) => id === finding?.id));
  const incident = incidentOf(run?.reports ?? [], fault.expected.object, (finding?.sinceMs ?? 0) + 120_000);
  const [best] = incident?.hypotheses ?? [];
  return (
    incident?.verdict === 'identified' &&
    best?.fault?.mechanism === fault.expected.mechanism &&
    objectText(best.fault.object) === objectText(fault.expected.object) &&
    (best.changeId ?? '') === (change?.id ?? '')
  );
}

it('an alert about the object leads to the fault as the first hypothesis, in at least 95 of 100 faults', () => {
  const wrong = outcomes.filter((outcome) => !isBlamed(outcome)).map(({ fault }) => fault.name);
  expect([wrong.length / outcomes.length <= 0.05, wrong]).toEqual([true, expect.any(Array)]);
});

it('finds nothing before the first fault is made', () => {
  const listed = (recordings[0] ?? []).filter((line) => 'list' in line);
  const open = replay(listed).findings.filter(({ endedAtMs }) => endedAtMs === null);
  expect(open.map(({ mechanism, object }) => `${mechanism} ${object.namespace}/${object.name}`)).toEqual([]);
});

it.each(replays)('reports each change once', ({ changes }) => {
  const first = changes.filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
  const texts = first.map(({ summary, startedAtMs }) => `${startedAtMs} ${summary}`);
  expect(new Set(texts).size).toBe(texts.length);
});

it('writes no value of a Secret', () => {
  const recorded = JSON.stringify(recordings);
  const written = replays.map((run) => run.written).join('\n');
  const planted = ['planted-secret-value-1', 'planted-secret-value-2'].flatMap((value) => [
    value,
    Buffer.from(value).toString('base64'),
  ]);
  expect(planted.filter((value) => recorded.includes(value)).length).toBeGreaterThan(0);
  expect(planted.filter((value) => written.includes(value))).toEqual([]);
});

it('is small, and has every fault of the table', () => {
  expect(recordingFiles.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(400_000);
  expect(new Set(realFaults.map(({ name }) => name)).size).toBe(outcomes.length);
});

it('is what the page says', () => {
  const text = readFileSync(page, 'utf8');
  expect(withOutcomes(text, outcomes)).toBe(text);
});
