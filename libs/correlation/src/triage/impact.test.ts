import { describe, expect, it } from 'vitest';
import { type ImpactSigns, judgeImpact } from './impact.ts';

const quiet: ImpactSigns = {
  unhealthy: [],
  unhealthyUserFacing: [],
  sloAlerts: [],
  services: 1,
  alerts: 1,
  alertingUserFacing: [],
  isCovered: false,
  gap: null,
};
const unread = { code: 'unread', detail: '' } as const;

describe('judgeImpact', () => {
  it.each([
    ['one alert, and telemetry sees no harm', {}, 'none', 'no-impact'],
    ['a service inside is unhealthy', { unhealthy: ['db'] }, 'limited', 'unhealthy db'],
    ['two alerts without harm', { alerts: 2 }, 'limited', 'several-alerts 2'],
    ['an alert on what users call', { alertingUserFacing: ['web'] }, 'limited', 'about-user-facing web'],
    ['what users call is unhealthy', { unhealthyUserFacing: ['web'] }, 'broad', 'user-facing web'],
    ['an error budget burns', { sloAlerts: ['Burn'] }, 'broad', 'slo-burn Burn'],
    ['three services take part', { services: 3 }, 'broad', 'reach 3'],
    ['two services take part', { services: 2 }, 'none', 'no-impact'],
    ['many alerts on what telemetry covers', { isCovered: true, alerts: 9, services: 4 }, 'none', 'no-impact'],
    ['covered, on what users call', { isCovered: true, alertingUserFacing: ['web'] }, 'none', 'no-impact'],
    ['covered and unhealthy', { isCovered: true, unhealthy: ['db'], alerts: 2 }, 'limited', 'unhealthy db'],
    ['covered, and an error budget burns', { isCovered: true, sloAlerts: ['Burn'] }, 'broad', 'slo-burn Burn'],
    ['covered, but not read', { isCovered: true, gap: unread, alerts: 2 }, 'unknown', 'unread'],
    ['telemetry was not read', { gap: unread }, 'unknown', 'unread'],
    ['harm was seen, but not all was read', { gap: unread, unhealthy: ['db'] }, 'unknown', 'unread'],
    [
      'users are hurt, whatever was not read',
      { gap: unread, unhealthyUserFacing: ['web'] },
      'broad',
      'user-facing web',
    ],
    ['only the first names', { unhealthy: ['a', 'b', 'c', 'd'] }, 'limited', 'unhealthy a, b, c'],
  ] as const)('%s', (_name, signs, impact, reason) => {
    const judged = judgeImpact({ ...quiet, ...signs }, 3);
    const [first] = judged.reasons.map(({ code, detail }) => `${code} ${detail}`.trim());
    expect([judged.impact, first]).toEqual([impact, reason]);
  });
});
