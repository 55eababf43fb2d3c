/** Checks compose.yaml against Faultline's configuration, and that it opens only what one machine should open. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopDeadlineMs } from '@faultline/all';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeSecrets, tokenNames } from './secrets.ts';
import { compose, faultlineServices, infra, processOf } from './testing/compose.ts';
import { loadProcess, openPorts } from './testing/process.ts';

const services = Object.entries(compose.services);
const made = makeSecrets();

it('runs every service once, with its dependencies and a valid configuration', () => {
  const loaded = faultlineServices.map(([name, service]) => loadProcess(processOf(name, service)));
  expect(loaded.map(({ only }) => [...only])).toEqual(faultlineServices.map(([name]) => [name]));
  expect(faultlineServices.length).toBe(5);
  for (const { config } of loaded) {
    expect(config.auth.tokens.map(({ name }) => name)).toEqual(tokenNames);
    expect(config.bus).toMatchObject({ kind: 'kafka', kafka: { brokers: ['kafka:9092'] } });
  }
});

describe.each(faultlineServices)('%s', (name, service) => {
  const process = loadProcess(processOf(name, service));

  it('publishes only ports that it opens', () => {
    const inside = (service.ports ?? []).map((port) => Number(port.split(':').at(-1)));
    expect(Object.values(openPorts(process))).toEqual(expect.arrayContaining(inside));
  });

  it('starts after its dependencies, and has time to stop', () => {
    const needed = process.config.store.kind === 'server' ? ['kafka', 'clickhouse'] : ['kafka'];
    expect(Object.keys(service.depends_on ?? {})).toEqual(needed);
    expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(stopDeadlineMs / 1000);
  });

  it('cannot write to its image', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });
});

it('opens ports to this machine only', () => {
  const ports = services.flatMap(([, { ports: published = [] }]) => published);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  const outside = ports.map((port) => port.split(':')[1]);
  expect(new Set(outside).size).toBe(outside.length);
});

it('keeps Kafka and ClickHouse on an internal network', () => {
  const inside = Object.entries(compose.networks).flatMap(([name, { internal }]) => (internal ? [name] : []));
  for (const name of ['kafka', 'clickhouse']) expect(compose.services[name]?.networks).toEqual(inside);
});

it('pins every image', () => {
  for (const [name, { image }] of services) expect(image, name).toMatch(/:\d+\.\d+/);
});

it('waits for the health of services that have a health check', () => {
  const healthy = services.filter(([, { healthcheck, image }]) => healthcheck || image.startsWith('faultline:'));
  for (const [, { depends_on = {} }] of services)
    expect(healthy.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
});

it('mounts the files of `npm run secrets`, and contains no secret', () => {
  const files = [
    ...Object.values(compose.secrets).map(({ file }) => file),
    ...services.flatMap(([, { env_file = [] }]) => env_file),
  ];
  expect(files.filter((file) => made[file.replace('./secrets/', '')] === undefined)).toEqual([]);
  const variables = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
  expect(variables.filter((name) => /PASSWORD(?!__FILE)|TOKEN|SECRET/.test(name))).toEqual([]);
});

it('mounts only files that exist', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  const missing = mounts.filter(
    (from) => !(from.startsWith('.') ? existsSync(join(infra, from)) : from in compose.volumes),
  );
  expect(missing).toEqual([]);
});

it('the collector forwards telemetry to ingest with its own token', () => {
  const { exporters } = parse(readFileSync(join(infra, 'collector/config.yaml'), 'utf8'));
  const ingest = faultlineServices.find(([name]) => name === 'ingest');
  const ports = ingest === undefined ? {} : openPorts(loadProcess(processOf(...ingest)));
  expect(exporters.otlp_grpc.endpoint).toBe(`ingest:${ports['otlp-grpc']}`);
  expect(exporters.otlp_grpc.headers.authorization).toBe(`Bearer \${file:/run/secrets/collector-token}`);
  expect(made['collector-token']).toMatch(/^flt_\S+$/);
});
