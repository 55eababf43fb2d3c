import { describe, expect, it } from 'vitest';
import { alertKindOf, alertKindRuleOf, alertNameOf } from './alert-kind.ts';

const expression = (text: string) => `http://prom.example/graph?g0.expr=${encodeURIComponent(text)}&g0.tab=1`;

describe('the kind of an alert', () => {
  it.each([
    ['Watchdog of kube-prometheus', { alertname: 'Watchdog', severity: 'none' }, '', 'heartbeat'],
    ['a dead man’s switch, however written', { alertname: "Dead Man's Switch", severity: 'critical' }, '', 'heartbeat'],
    ['InfoInhibitor', { alertname: 'InfoInhibitor', severity: 'none', pod: 'a-0' }, '', 'heartbeat'],
    ['no severity by intent', { alertname: 'Anything', severity: 'none' }, '', 'heartbeat'],
    [
      'an expression that is always true',
      { alertname: 'Pulse', severity: 'info' },
      expression('vector(1)'),
      'heartbeat',
    ],
    ['an expression that is not', { alertname: 'Up' }, expression('up == 1'), 'fault'],
    ['a rule of Grafana without data', { alertname: 'DatasourceNoData', rulename: 'HighErrors' }, '', 'no-data'],
    [
      'a rule of Grafana that cannot be evaluated',
      { alertname: 'DatasourceError', rulename: 'HighErrors' },
      '',
      'rule-error',
    ],
    ['a fault', { alertname: 'HighErrorRate', severity: 'critical' }, '', 'fault'],
    ['a fault whose watchdog is no heartbeat', { alertname: 'WatchdogMissing', severity: 'critical' }, '', 'fault'],
  ])('%s', (_what, labels: Record<string, string>, url, kind) => {
    expect(alertKindOf({ name: labels['alertname'] ?? '', labels, url })).toBe(kind);
  });
  it.each([
    ['Watchdog', '', true],
    ['Pulse', expression('vector(1)'), true],
    ['InfoInhibitor', '', undefined],
    ['Anything', '', undefined],
  ])('%s is expected for ever: %s', (alertname, url, isExpected) => {
    expect(alertKindRuleOf({ name: alertname, labels: { alertname, severity: 'none' }, url })?.isExpected).toBe(
      isExpected,
    );
  });
  it('has a rule with a name', () => {
    expect(alertKindRuleOf({ name: 'Watchdog', labels: {}, url: '' })?.id).toBe('heartbeat');
  });
});

it('an alert about the state of a rule is called by the rule', () => {
  expect(alertNameOf({ alertname: 'DatasourceNoData', rulename: 'HighErrors' }, 'x')).toBe('HighErrors');
  expect(alertNameOf({ alertname: 'HighErrors', rulename: 'other' }, 'x')).toBe('HighErrors');
  expect(alertNameOf({}, 'x')).toBe('x');
});
