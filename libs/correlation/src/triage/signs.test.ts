import type { MissingEvidence } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, played } from '../testing/played.ts';
import { signsOf } from './signs.ts';

const answered = [
  '0s declare web->cart cart->db',
  '0s alert db Slow',
  '0.2s answer settled disturbed=db,web edges=web->cart,cart->db',
];

it('unhealthy is what is degraded and connected with the alerts, and the cause', () => {
  const player = played(...answered);
  const incident = incidentOf(player);
  const evidence = newEvidence({ cause: 'cache', degraded: ['db', 'mail', 'web'], related: ['db', 'web'] });
  setEvidence(player.state, incident.id, evidence);
  expect(signsOf(player.state, incident)).toMatchObject({
    unhealthy: ['cache', 'db', 'web'],
    unhealthyUserFacing: ['web'],
    services: 3,
    alerts: 1,
    gap: null,
  });
});

it('the settings may name what users call, also where evidence adds the environment', () => {
  const player = played(...answered);
  const incident = incidentOf(player);
  const { state } = player;
  state.config = { ...state.config, triage: { ...state.config.triage, userFacing: ['db'] } };
  setEvidence(
    state,
    incident.id,
    newEvidence({ degraded: ['production/db', 'web'], related: ['production/db', 'web'] }),
  );
  expect(signsOf(state, incident).unhealthyUserFacing).toEqual(['production/db']);
});

describe('telemetry covers what alerts', () => {
  const isCovered = (...alerts: readonly string[]) => {
    const player = played('0s declare web->cart cart->db', ...alerts, '0.2s answer settled edges=web->cart,cart->db');
    return signsOf(player.state, incidentOf(player)).isCovered;
  };

  it.each([
    ['when the call graph knows each service', ['0s alert db Slow', '0s alert cart Slow'], true],
    ['not when it does not know one of them', ['0s alert db Slow node=n1', '0s alert legacy Slow node=n1'], false],
    ['not when it does not know the service', ['0s alert legacy Slow'], false],
    ['not when the alert names no service', ['0s alert - Slow node=n1'], false],
  ])('%s', (_what, alerts, covered) => expect(isCovered(...alerts)).toBe(covered));
});

describe('the impact is not known', () => {
  const gapWith = (part: string, code: MissingEvidence['code'], recordedAfterMs?: number) => {
    const player = played(...answered);
    const incident = incidentOf(player);
    const recordedUntilMs = incident.startedAtMs + (recordedAfterMs ?? 0);
    const missing = [{ part, code, detail: '1' }];
    const recorded = recordedAfterMs === undefined ? {} : { recordedUntilMs };
    setEvidence(player.state, incident.id, { ...newEvidence({}), missing, ...recorded });
    return signsOf(player.state, incident).gap?.code ?? null;
  };

  it.each([
    ['when a part could not be read', gapWith('spans', 'failed', 5), 'unread'],
    ['when nothing says how far the recorder was', gapWith('spans', 'behind'), 'unread'],
    ['when the time before the alert is not recorded', gapWith('spans', 'behind', -1), 'unread'],
    ['when telemetry does not know what alerts', gapWith('alerts', 'unknown-subject'), 'no-telemetry'],
    ['but it is when only the seconds after the alert are missing', gapWith('spans', 'behind', 0), null],
    ['when no telemetry is there at all', gapWith('evidence', 'none'), 'nothing-sent'],
    ['but it is when one signal is not sent', gapWith('logs', 'none'), null],
  ])('%s', (_name, gap, expected) => expect(gap).toBe(expected));

  it('before any evidence, and when an alert reports that data is missing', () => {
    const early = played('0s alert db Slow');
    expect(signsOf(early.state, incidentOf(early)).gap?.code).toBe('unread');
    const blind = played(...answered, '1s alert db DatasourceNoData');
    expect(signsOf(blind.state, incidentOf(blind)).gap).toEqual({ code: 'no-data', detail: 'DatasourceNoData' });
  });
});
