import { expect, it } from 'vitest';
import { environmentsRead, namedEnvironments } from './environment.ts';

const evidence = (...read: string[]) => ({
  environment: { reason: 'likeliest', read, named: [], seen: [], known: [] } as const,
});

it('telemetry never makes an incident a test', () => {
  expect(environmentsRead(evidence('faultline-test', 'default'))).toEqual([]);
  expect(environmentsRead(evidence('faultline-test', 'production'))).toEqual(['production']);
});

it('an alert does', () => {
  expect([...namedEnvironments(['faultline-test'], evidence('faultline-test'))]).toEqual(['faultline-test']);
});
