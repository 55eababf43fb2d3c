import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { createLogger, logConfig } from './log.ts';
import { startTelemetry, telemetryConfig } from './telemetry.ts';

it('traces, metrics and logs go to the endpoint, the last of them at the stop', async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      paths.push(request.url ?? '');
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const telemetry = await startTelemetry(telemetryConfig.parse({ otlpEndpoint: `http://127.0.0.1:${port}/` }), '1');
  const sink = telemetry.logSink;
  const logger = createLogger(logConfig.parse({}), { write: () => {}, ...(sink === null ? {} : { sink }) });
  logger.info('hello', { part: 'test' });
  metrics.getMeter('faultline').createCounter('c').add(1);
  await telemetry.tracer.run(
    () => ({ name: 's' }),
    async () => {},
  );
  await telemetry.stop();
  server.closeAllConnections();
  server.close();
  expect([...new Set(paths)].sort()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces']);
});
