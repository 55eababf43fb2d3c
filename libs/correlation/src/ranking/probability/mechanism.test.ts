import { describe, expect, it } from 'vitest';
import { alerts } from '../evidence/alerts.ts';
import { changes } from '../evidence/changes.ts';
import { errorLines } from '../evidence/error-lines.ts';
import { networkLatency } from '../evidence/network-latency.ts';
import { originatingErrors } from '../evidence/originating-errors.ts';
import { resources } from '../evidence/resources.ts';
import { restarts } from '../evidence/restarts.ts';
import { selfTime } from '../evidence/self-time.ts';
import { telemetryGap } from '../evidence/telemetry-gap.ts';
import { traffic } from '../evidence/traffic.ts';
import { finding } from '../testing/evidence.ts';
import type { Weighed } from '../weigh/weigh.ts';
import { mechanismOfFindings } from './mechanism.ts';

const slow = (weight = 4) => finding({ traits: selfTime.traits, faultType: 'latency', weight });
const failing = (weight = 4) => finding({ traits: originatingErrors.traits, faultType: 'error', weight });
const resource = (faultType: 'cpu' | 'pool', weight = 1) => finding({ traits: resources.traits, faultType, weight });
const kindOf = (...findings: Weighed[]) => mechanismOfFindings(findings).kind;

describe('mechanismOfFindings', () => {
  it('takes a busy resource for what makes a service slow, unless it is weak', () => {
    expect(kindOf(slow())).toBe('latency');
    expect(kindOf(slow(), resource('cpu'))).toBe('cpu');
    expect(kindOf(slow(), resource('cpu', 0.1))).toBe('latency');
  });

  it('takes only a scarce resource for what makes a service fail', () => {
    expect(kindOf(failing(), resource('cpu'))).toBe('error');
    expect(kindOf(failing(), resource('pool'))).toBe('pool');
  });

  it('prefers what a log line names', () => {
    const line = finding({ traits: errorLines.traits, faultType: 'dns', weight: 1 });
    expect(kindOf(failing(), resource('pool'), line)).toBe('dns');
    expect(kindOf(failing(), finding({ traits: errorLines.traits, faultType: 'error', weight: 1 }))).toBe('error');
  });

  it('takes a restart after climbing memory for the mechanism, and no other restart', () => {
    const restart = (faultType: 'memory' | 'down') => finding({ traits: restarts.traits, faultType, weight: 1 });
    expect(kindOf(slow(), restart('memory'))).toBe('memory');
    expect(kindOf(slow(), restart('down'))).toBe('latency');
  });

  it('takes a large surge for the mechanism of a slow or busy service', () => {
    const surge = finding({ traits: traffic.traits, faultType: 'traffic', weight: 2 });
    expect(kindOf(slow(), surge)).toBe('traffic');
    expect(kindOf(resource('cpu', 4), surge)).toBe('traffic');
    expect(kindOf(failing(), surge)).toBe('error');
  });

  it('takes added network latency for a symptom, as added self time', () => {
    const late = finding({ traits: networkLatency.traits, faultType: 'network', weight: 4 });
    expect(kindOf(late)).toBe('network');
    expect(kindOf(late, resource('cpu', 3))).toBe('cpu');
  });

  it('does not blame a slow network on a processor that is only a little busier', () => {
    const late = finding({ traits: networkLatency.traits, faultType: 'network', weight: 4 });
    expect(kindOf(late, resource('cpu', 1))).toBe('network');
  });

  const reported = (faultType: 'down' | 'memory' | 'queue') =>
    finding({ traits: alerts.traits, faultType, weight: 1.1 });

  it('takes a measurement before the word of one alert', () => {
    const unseen = finding({ traits: telemetryGap.traits, faultType: 'blind', weight: 1 });
    expect(kindOf(reported('down'), unseen)).toBe('blind');
    expect(kindOf(reported('down'), { ...unseen, weight: 0.1 })).toBe('down');
  });

  it('takes what an alert tells for the reason why the service is down or slow', () => {
    const gone = finding({ traits: telemetryGap.traits, faultType: 'down', weight: 4 });
    expect(kindOf(gone, reported('memory'))).toBe('memory');
    expect(kindOf(slow(), reported('queue'))).toBe('queue');
    expect(kindOf(slow(), resource('cpu'), reported('queue'))).toBe('cpu');
    expect(kindOf(slow(), reported('down'))).toBe('latency');
  });

  it('takes nothing from symptom alerts and changes while there is other evidence', () => {
    const alert = finding({ traits: alerts.traits, faultType: null, weight: 9 });
    const change = finding({ traits: changes.traits, faultType: 'config', weight: 9 });
    expect(kindOf(alert, change, failing(1))).toBe('error');
    expect(kindOf(change)).toBe('config');
    expect(kindOf(alert)).toBe('latency');
  });

  it('names the first instance that evidence points at, and none for a surge', () => {
    const one = { ...slow(), instance: 'api-1' };
    expect(mechanismOfFindings([failing(), one]).instance).toBe('api-1');
    const surge = finding({ traits: traffic.traits, faultType: 'traffic', weight: 9 });
    expect(mechanismOfFindings([surge, one])).toEqual({ kind: 'traffic', instance: '' });
  });
});
