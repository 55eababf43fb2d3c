import type { Span, SpanBegin, Tracer } from '@faultline/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alert, alertRecord, createRig, emptyRows, type Rig, revisions, startMs, until } from './testing/rig.ts';
import { roundSpan } from './trace.ts';

const trace = (name: string) => ({ traceparent: name });

it.each([
  [['changes', 'alerts'], [trace('q')], 'process alerts,changes', ['changes', 'alerts', 'q']],
  [[], [trace('q')], 'take evidence', ['q']],
  [[], [], 'tick', []],
] as const)('records %j and answers %j are %s', (topics, answers, name, causes) => {
  const records = topics.map((topic) => ({ topic, headers: trace(topic) }));
  const begin = roundSpan({ partition: 0, records, answers, wakes: [trace('w')] });
  expect(begin).toMatchObject({ name, causes: causes.map(trace), links: [trace('w')] });
});

interface Told {
  readonly begin: SpanBegin;
  readonly headers: Span['headers'];
  readonly attributes: object[];
  error: unknown;
}

/** Keeps what it was told; its headers are numbers. */
function listTracer(told: Told[]): Tracer {
  const run: Tracer['run'] = (begin, work) => {
    const one: Told = { begin: begin(), headers: trace(`span-${told.length}`), attributes: [], error: null };
    told.push(one);
    return work({
      headers: one.headers,
      set: (attributes) => void one.attributes.push(attributes),
      fail: (error) => {
        one.error = error;
      },
      discard: () => void told.splice(told.indexOf(one), 1),
    });
  };
  return { run, step: run };
}

let rig: Rig;
let told: Told[];
beforeEach(async () => {
  rig = await createRig();
  told = [];
  rig.tracer = listTracer(told);
});
afterEach(() => rig.close());

const named = (name: string) => told.filter(({ begin }) => begin.name === name);
const publishAlert = () => rig.bus.publish([{ ...alertRecord(alert('cart')), headers: trace('webhook') }]);
const answered = () =>
  until(
    () => revisions(rig.bus),
    (all) => all.length > 0,
  );

it('an alert’s trace goes over its question to the incident; what time brings is linked to it', async () => {
  rig.answer = async () => emptyRows;
  const running = await rig.start();
  await publishAlert();
  await answered();
  rig.nowMs = startMs + 60_000;
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
    for await (const record of rig.bus.read({ topic: 'incidents', partition, from: 0n })) headers.push(record.headers);
  expect(headers).toContainEqual(answer?.headers);
});

it('a store that cannot be read is the failure of its question', async () => {
  const failure = new Error('away');
  rig.answer = () => Promise.reject(failure);
  const running = await rig.start();
  await publishAlert();
  await answered();
  await running.stop();
  expect(named('ask evidence')[0]).toMatchObject({
    error: failure,
    attributes: [{ 'faultline.evidence.missing': ['store: unreachable'] }],
  });
});
