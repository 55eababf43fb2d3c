import { metrics, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { startTelemetry, telemetryConfig } from './telemetry.ts';
import { noTracer } from './trace/index.ts';

it('off: nothing is measured and nothing is loaded', async () => {
  const telemetry = await startTelemetry(telemetryConfig.parse({ enabled: false }), '0');
  expect([telemetry.metricsText, telemetry.logSink]).toEqual([null, null]);
  await telemetry.stop();
});

it('what the global meter counts is in the Prometheus text', async () => {
  const telemetry = await startTelemetry(telemetryConfig.parse({}), '1.2.3');
  metrics.getMeter('faultline').createCounter('faultline_alerts', { description: 'Alerts.' }).add(3, { source: 'a' });
  const text = (await telemetry.metricsText?.()) ?? '';
  expect(text).toMatch(/^faultline_alerts_total\{source="a".*\} 3/m);
  expect(text).toContain('service_version="1.2.3"');
  await telemetry.stop();
});

it('without an endpoint nothing is traced, and no SDK for it is started', async () => {
  const telemetry = await startTelemetry(telemetryConfig.parse({}), '1');
  expect(telemetry.tracer).toBe(noTracer);
  expect(trace.getTracer('faultline').startSpan('s').isRecording()).toBe(false);
  await telemetry.stop();
});

it('one after another: each measures while it runs', async () => {
  const first = await startTelemetry(telemetryConfig.parse({}), '1');
  metrics.getMeter('faultline').createCounter('before').add(1);
  await first.stop();
  const second = await startTelemetry(telemetryConfig.parse({}), '2');
  await first.stop();
  metrics.getMeter('faultline').createCounter('after').add(1);
  const text = (await second.metricsText?.()) ?? '';
  expect(text).toMatch(/^after_total\{.*\} 1/m);
  expect(text).not.toContain('before');
  await second.stop();
});

it('at the same time: only the first measures, and stopping the others does not stop it', async () => {
  const first = await startTelemetry(telemetryConfig.parse({}), '1');
  const second = await startTelemetry(telemetryConfig.parse({}), '2');
  expect([second.metricsText, second.logSink]).toEqual([null, null]);
  await second.stop();
  metrics.getMeter('faultline').createCounter('still').add(1);
  expect(await first.metricsText?.()).toMatch(/^still_total\{.*\} 1/m);
  await first.stop();
});
