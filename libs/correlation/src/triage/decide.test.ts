import { impacts, isHigherLevel, severities, triageMatrixFlaw } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { defaultCoreConfig } from '../state/config.ts';
import { createRandom } from '../testing/random.ts';
import { decideTriage } from './decide.ts';
import { type ImpactSigns, judgeImpact } from './impact.ts';

const { levels, wideReachServices } = defaultCoreConfig.triage;

describe('the usual levels', () => {
  it.each([
    ['none', 'log log page page'],
    ['limited', 'ticket ticket page page'],
    ['broad', 'page page page page'],
    ['unknown', 'log ticket page page'],
  ] as const)('%s: info, warning, error, critical', (impact, expected) => {
    const decided = severities
      .toReversed()
      .map((severity) => decideTriage({ impact, reasons: [] }, severity, levels).level);
    expect(decided.join(' ')).toBe(expected);
  });
});

it('the severity is the reason only where the impact alone would not do', () => {
  const codes = (impact: 'limited' | 'broad', severity: 'critical' | 'warning') =>
    decideTriage({ impact, reasons: [{ code: 'reach', detail: '3' }] }, severity, levels).reasons.map(
      ({ code }) => code,
    );
  expect(codes('limited', 'critical')).toEqual(['severity', 'reach']);
  expect(codes('limited', 'warning')).toEqual(['reach']);
  expect(codes('broad', 'critical')).toEqual(['reach']);
});

it('a matrix that falls has a flaw', () => {
  expect(triageMatrixFlaw(levels)).toBeNull();
  expect(triageMatrixFlaw({ ...levels, limited: { ...levels.limited, error: 'log' } })).toBe(
    'limited.error must not be lower than limited.warning',
  );
  expect(triageMatrixFlaw({ ...levels, broad: levels.none })).toBe(
    'broad.warning must not be lower than limited.warning',
  );
  expect(triageMatrixFlaw({ ...levels, none: levels.limited, unknown: levels.none })).toBe(
    'unknown.warning must not be lower than none.warning',
  );
});

/** Services with names `s0`, `s1`, ... */
const names = (count: number) => Array.from({ length: count }, (_, n) => `s${n}`);

it('the level never falls when the severity is worse or a sign is added', () => {
  const random = createRandom(7);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  for (let round = 0; round < 3000; round += 1) {
    const signs: ImpactSigns = {
      unhealthy: names(upTo(2)),
      unhealthyUserFacing: names(upTo(1)),
      sloAlerts: names(upTo(1)),
      services: 1 + upTo(3),
      alerts: 1 + upTo(2),
      alertingUserFacing: names(upTo(1)),
      isCovered: upTo(1) === 1,
      gap: random() < 0.2 ? { code: 'unread', detail: '' } : null,
    };
    const more: ImpactSigns = {
      unhealthy: names(signs.unhealthy.length + upTo(2)),
      unhealthyUserFacing: names(signs.unhealthyUserFacing.length + upTo(1)),
      sloAlerts: names(signs.sloAlerts.length + upTo(1)),
      services: signs.services + upTo(2),
      alerts: signs.alerts + upTo(2),
      alertingUserFacing: names(signs.alertingUserFacing.length + upTo(1)),
      isCovered: signs.isCovered,
      gap: signs.gap,
    };
    const index = upTo(severities.length - 1);
    const worse = upTo(index);
    const level = (seen: ImpactSigns, at: number) =>
      decideTriage(judgeImpact(seen, wideReachServices), severities[at] ?? 'info', levels).level;
    const [before, after] = [level(signs, index), level(more, worse)];
    expect(isHigherLevel(before, after), JSON.stringify({ signs, more, index, worse })).toBe(false);
    // A critical alert pages whatever was read, and which gap there is makes no difference.
    const gap = (code: 'unread' | 'nothing-sent') => level({ ...signs, gap: { code, detail: '' } }, index);
    expect(gap('unread')).toBe(gap('nothing-sent'));
    if (index < 2) expect(gap('unread')).toBe('page');
  }
});

it('every impact has a level for every severity', () => {
  expect(impacts.flatMap((impact) => severities.map((severity) => levels[impact][severity]))).toHaveLength(16);
});
