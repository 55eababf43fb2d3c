import { metrics } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { startTelemetry, telemetryConfig } from './telemetry.ts';

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
