import { trace } from '@opentelemetry/api';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { AppError } from '../error.ts';
import { createTracer, withoutDiscarded } from './otel-tracer.ts';
import { processing } from './processing.ts';
import { noTracer, type TraceHeaders } from './tracer.ts';

const exporter = new InMemorySpanExporter();
const sdk = startNodeSdk({
  resourceDetectors: [],
  metricReaders: [],
  logRecordProcessors: [],
  spanProcessors: [withoutDiscarded(new SimpleSpanProcessor({ exporter }))],
});
const tracer = createTracer(trace.getTracer('test'));
const names = () => exporter.getFinishedSpans().map(({ name }) => name);
const unsampled = { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00` };

beforeEach(() => exporter.reset());
afterAll(() => sdk.shutdown());

const unit = (name: string, causes: readonly TraceHeaders[] = []) => ({ name, causes });

it('a step is inside its unit of work, and the headers continue the trace', async () => {
  const headers = await tracer.run(
    () => unit('unit'),
    async (span) => {
      await tracer.step(
        () => ({ name: 'step', kind: 'client', attributes: { rows: 2 } }),
        async (step) => step.set({ more: ['x'] }),
      );
      return span.headers;
    },
  );
  await tracer.run(
    () => unit('next', [headers]),
    async () => {},
  );
  const [step, first, next] = exporter.getFinishedSpans();
  expect(step).toMatchObject({ name: 'step', attributes: { rows: 2, more: ['x'] } });
  expect(step?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
  expect(next?.parentSpanContext).toMatchObject({ spanId: first?.spanContext().spanId, isRemote: true });
});

it('a step outside a unit, and units with only untraced causes, are not recorded', async () => {
  const step = () =>
    tracer.step(
      () => ({ name: 'step' }),
      async (span) => span.headers,
    );
  expect(await step()).toEqual({});
  const passedOn = await tracer.run(
    () => unit('hidden', [unsampled]),
    async (span) => {
      await step();
      return span.headers['traceparent'];
    },
  );
  expect(passedOn).toMatch(/^00-c{32}-.*-00$/);
  expect(names()).toEqual([]);
});

it('a discarded span is not exported, nor what it leads to', async () => {
  const headers = await tracer.run(
    () => unit('own'),
    async (span) => {
      span.discard();
      await tracer.step(
        () => ({ name: 'step' }),
        async () => {},
      );
      return span.headers;
    },
  );
  await tracer.run(
    () => unit('next', [headers]),
    async () => {},
  );
  expect(names()).toEqual([]);
});

it.each([
  [new AppError('STORE_UNAVAILABLE', 'the password was hunter2', { kind: 'transient' }), 'STORE_UNAVAILABLE'],
  [new TypeError('hunter2'), 'TypeError'],
])('an error is told by its code, never by its words', async (error, code) => {
  const failing = tracer.run(
    () => unit('failing'),
    () => Promise.reject(error),
  );
  await expect(failing).rejects.toBe(error);
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ attributes: { 'error.type': code }, status: { code: 2 }, events: [] });
  expect(JSON.stringify([span?.attributes, span?.status])).not.toContain('hunter2');
});

it('a batch is named by its topics, and has the topic attribute when there is one', () => {
  const records = ['spans', 'logs', 'spans'].map((topic) => ({ topic, headers: unsampled }));
  const of = { group: 'g', partition: 3 };
  expect(processing(records, of)).toMatchObject({
    name: 'process logs,spans',
    attributes: { 'messaging.batch.message_count': 3, 'messaging.destination.partition.id': '3' },
  });
  expect(processing(records.slice(0, 1), of).attributes).toMatchObject({ 'messaging.destination.name': 'spans' });
});

it('without a tracer the work runs and `begin` is never called', async () => {
  const begin = () => {
    throw new Error('asked');
  };
  const headers = await noTracer.run(begin, (span) => noTracer.step(begin, async () => span.headers));
  expect(headers).toEqual({});
});
