import { emptyEvidenceRows } from '@faultline/model';
import type { Span, SpanBegin, Tracer } from '@faultline/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alert, alertRecord, createHarness, type Harness, revisions, startMs, until } from './testing/harness.ts';
import { roundSpan } from './trace.ts';

const trace = (name: string) => ({ traceparent: name });

it.each([
  [['changes', 'alerts'], [trace('q')], 'process alerts,changes', ['changes', 'alerts', 'q']],
  [[], [trace('q')], 'take evidence', ['q']],
  [[], [], 'tick', []],
] as const)('records %j and results %j are %s', (topics, results, name, causes) => {
  const records = topics.map((topic) => ({ topic, headers: trace(topic) }));
  const begin = roundSpan({ partition: 0, records, results, timers: [trace('w')] });
  expect(begin).toMatchObject({ name, causes: causes.map(trace), links: [trace('w')] });
});

interface Traced {
  readonly begin: SpanBegin;
  readonly headers: Span['headers'];
  readonly attributes: object[];
  error: unknown;
}

/** Keeps its spans; their headers are numbers. */
function listTracer(traced: Traced[]): Tracer {
  const run: Tracer['run'] = (begin, work) => {
    const one: Traced = { begin: begin(), headers: trace(`span-${traced.length}`), attributes: [], error: null };
    traced.push(one);
    return work({
      headers: one.headers,
      set: (attributes) => void one.attributes.push(attributes),
      fail: (error) => {
        one.error = error;
      },
      discard: () => void traced.splice(traced.indexOf(one), 1),
    });
  };
  return { run, step: run };
}

let harness: Harness;
let traced: Traced[];
beforeEach(async () => {
  harness = await createHarness();
  traced = [];
  harness.tracer = listTracer(traced);
});
afterEach(() => harness.close());

const named = (name: string) => traced.filter(({ begin }) => begin.name === name);
const publishAlert = () => harness.bus.publish([{ ...alertRecord(alert('cart')), headers: trace('webhook') }]);
const answered = () =>
  until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );

it('an alert’s trace goes over its query to the incident; ticks are linked to it', async () => {
  harness.answer = async () => emptyEvidenceRows;
  const running = await harness.start();
  await publishAlert();
  await answered();
  harness.nowMs = startMs + 60_000;
  const [tick] = await until(
    async () => named('tick'),
    ({ length }) => length > 0,
  );
  await running.stop();

  const [round] = named('process alerts');
  const [question] = named('ask evidence');
  const [answer] = named('take evidence');
  expect(round?.begin.causes).toEqual([trace('webhook')]);
  expect(question?.begin.causes).toEqual([round?.headers]);
  expect(question?.attributes).toMatchObject([{ 'faultline.evidence.missing': [] }]);
  expect(answer?.begin.causes).toEqual([question?.headers]);
  expect(tick?.begin).toMatchObject({ causes: [], links: [round?.headers] });
  const headers: unknown[] = [];
  for (let partition = 0; partition < 2; partition += 1)
    for await (const record of harness.bus.read({ topic: 'incidents', partition, from: 0n }))
      headers.push(record.headers);
  expect(headers).toContainEqual(answer?.headers);
});

it('a store that cannot be read is the failure of its query', async () => {
  const failure = new Error('away');
  harness.answer = () => Promise.reject(failure);
  const running = await harness.start();
  await publishAlert();
  await answered();
  await running.stop();
  expect(named('ask evidence')[0]).toMatchObject({
    error: failure,
    attributes: [{ 'faultline.evidence.missing': ['store: unreachable'] }],
  });
});
