import type { Incident, MissingEvidence } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { defaultCoreConfig } from '../state/config.ts';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, pageOf, played, stepOf } from '../testing/played.ts';
import { updateTriage } from './update.ts';

const { levels } = defaultCoreConfig.triage;
/** Rows that page for what was not read, as people may configure it. */
const alwaysUnknown = { ...levels, unknown: { critical: 'page', error: 'page', warning: 'page', info: 'page' } };
/** As a host configures it. Without settings, scenarios play what releases without triage did. */
const usual = `0s config revisionScheduleMs=[] triage=${JSON.stringify(defaultCoreConfig.triage)}`;
const paging = `0s config revisionScheduleMs=[] triage=${JSON.stringify({ ...defaultCoreConfig.triage, levels: alwaysUnknown })}`;
const triageOf = (page: Incident) => [page.triage?.level, page.triage?.impact];
const failed: readonly MissingEvidence[] = [{ part: 'spans', code: 'failed', detail: 'overload' }];

describe('what is not read after the impact was known', () => {
  const readOnce = () =>
    played(paging, '0s declare web->cart cart->db', '0s alert db Slow severity=info', '0.2s answer settled');

  it('promotes nothing', () => {
    const player = readOnce();
    const incident = incidentOf(player);
    expect(triageOf(pageOf(player))).toEqual(['log', 'none']);
    setEvidence(player.state, incident.id, { ...newEvidence({}), missing: failed });
    expect([updateTriage(stepOf(player), incident), incident.triage?.level]).toEqual([null, 'log']);
  });

  it('hides no harm that was read', () => {
    const player = readOnce();
    const incident = incidentOf(player);
    const harm = newEvidence({ degraded: ['web'], related: ['web'] });
    setEvidence(player.state, incident.id, { ...harm, missing: failed });
    expect([updateTriage(stepOf(player), incident), incident.triage?.level]).toEqual(['log', 'page']);
  });
});

describe('without any telemetry the severity decides, whether the store answered or not', () => {
  it.each([
    ['info', 'log'],
    ['warning', 'ticket'],
    ['error', 'page'],
    ['critical', 'page'],
  ])('%s: %s', (severity, level) => {
    const unread = played(usual, `0s alert cart Slow severity=${severity}`, '3s');
    expect(triageOf(pageOf(unread))).toEqual([level, 'unknown']);
    const player = played(usual, `0s alert cart Slow severity=${severity}`);
    const incident = incidentOf(player);
    incident.evidenceState = 'settled';
    const missing = [{ part: 'evidence', code: 'none', detail: '' }] as const;
    setEvidence(player.state, incident.id, { ...newEvidence({}), missing });
    updateTriage(stepOf(player), incident);
    expect(incident.triage).toMatchObject({ level, impact: 'unknown' });
    expect(incident.triage?.reasons.at(-1)?.code).toBe('nothing-sent');
  });
});

describe('the reasons of a page', () => {
  const paged = () =>
    played(usual, '0s declare web->cart cart->db', '0s alert db Slow severity=error', '0.2s answer settled');

  it('follow what joins while the level stays, from the time that it was reached', () => {
    const player = paged();
    const incident = incidentOf(player);
    const { atMs } = incident.triage ?? {};
    setEvidence(
      player.state,
      incident.id,
      newEvidence({ degraded: ['cart', 'db', 'web'], related: ['cart', 'db', 'web'] }),
    );
    expect(updateTriage(stepOf(player), incident)).toBeNull();
    expect(incident.triage).toMatchObject({ level: 'page', impact: 'broad', atMs });
    expect(incident.triage?.reasons.map(({ code }) => code)).toEqual(['user-facing', 'reach']);
  });

  it('stay when the incident gets better', () => {
    const player = paged();
    const incident = incidentOf(player);
    setEvidence(
      player.state,
      incident.id,
      newEvidence({ degraded: ['cart', 'db', 'web'], related: ['cart', 'db', 'web'] }),
    );
    updateTriage(stepOf(player), incident);
    setEvidence(player.state, incident.id, newEvidence({}));
    updateTriage(stepOf(player), incident);
    expect(incident.triage?.reasons.map(({ code }) => code)).toEqual(['user-facing', 'reach']);
  });
});

describe('alerts about drift alone', () => {
  const harm = newEvidence({ degraded: ['web'], related: ['web'] });
  const levelOf = (...alerts: readonly string[]) => {
    const player = played(paging, '0s declare web->cart cart->db', ...alerts, '0.2s answer settled');
    const incident = incidentOf(player);
    setEvidence(player.state, incident.id, harm);
    updateTriage(stepOf(player), incident);
    return incident.triage?.level;
  };

  it('are a ticket at most, whatever is unhealthy', () => {
    expect(levelOf('0s alert db Drift severity=info source=kubernetes-drift')).toBe('ticket');
    expect(levelOf('0s alert db Slow severity=info')).toBe('page');
  });

  it('hold back no page of an alert beside them', () => {
    const both = levelOf('0s alert db Drift severity=info source=kubernetes-drift', '0s alert db Slow severity=info');
    expect(both).toBe('page');
  });
});

describe('alerts that had fired for hours when they were first heard of', () => {
  const at = (start: string, more = '') =>
    played(
      usual,
      '0s declare web->cart cart->db',
      `8h alert cart Slow severity=critical start=${start}${more}`,
      '28803s',
    );

  it('are a ticket that says so', () => {
    const page = pageOf(at('1h'));
    expect(page.triage).toMatchObject({ level: 'ticket', impact: 'unknown' });
    expect(page.triage?.text).toMatch(/^ticket: its alerts had fired for 7 h when they were first heard of/);
  });

  it('page where one of them is new', () => {
    const player = at('1h', '');
    expect(pageOf(player).triage?.level).toBe('ticket');
    expect(pageOf(at('3h')).triage?.level).toBe('page');
  });

  it('page where harm is seen', () => {
    const player = at('1h');
    const incident = incidentOf(player);
    setEvidence(player.state, incident.id, newEvidence({ degraded: ['cart'], related: ['cart'] }));
    expect([updateTriage(stepOf(player), incident), incident.triage?.level]).toEqual(['ticket', 'page']);
  });

  it('page by setting', () => {
    const never = JSON.stringify({ ...defaultCoreConfig.triage, standingAfterMs: 0 });
    const player = played(
      `0s config revisionScheduleMs=[] triage=${never}`,
      '8h alert cart Slow severity=critical start=1h',
      '28803s',
    );
    expect(pageOf(player).triage?.level).toBe('page');
  });
});
