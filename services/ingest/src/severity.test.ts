import type { Severity } from '@faultline/model';
import { expect, it } from 'vitest';
import { knownSeverity, severityOf } from './severity.ts';

const cases: readonly (readonly [Severity, readonly string[]])[] = [
  [
    'critical',
    ['critical', ' CRIT ', 'page', 'severe', 'blocker', 'highest', 'very high', 'outage', 'down', 'immediate'],
  ],
  ['critical', ['P1', 'S1', 'Severity 1', 'sev_1', 'SEV-0', 'prio1', 'Priority: 1', '0', '1', 'P1 - Critical']],
  ['critical', ['5 - Disaster', '1 - High', 'High priority', 'Critical (P1)', 'warning/critical']],
  ['error', ['error', 'Major', 'p2', 'sev2', '2', '3 - Average', 'Average', 'minor error']],
  ['warning', ['warn', 'minor', 'P3', '3', '3 - Moderate', 'Warning alert', 'non-critical']],
  ['info', ['info', 'none', 'low priority', 'P5', 'Not classified', '4', 'very low']],
];

it.each(cases)('%s', (severity, texts) => {
  expect(texts.map((text) => [text, knownSeverity(text)])).toEqual(texts.map((text) => [text, severity]));
});

it('what is missing or unknown is an error, so that triage does not only log it', () => {
  const unknown = ['', 'x', 'severity 10', '17', 'not urgent', 'constructor', 'one of many words that say high'];
  expect(unknown.map(knownSeverity)).toEqual(unknown.map(() => null));
  expect(new Set(unknown.map(severityOf))).toEqual(new Set(['error']));
});
