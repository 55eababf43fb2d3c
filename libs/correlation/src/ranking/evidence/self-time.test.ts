import { describe, expect, it } from 'vitest';
import { refutationOf, suspectsOf } from '../testing/evidence.ts';
import { around, operation, type Rows } from '../testing/fixture.ts';
import { selfTime } from './self-time.ts';

describe('self-time', () => {
  it('points at the service whose own code became slower, and not at the one that waits', () => {
    const operations = [
      ...operation({ service: 'web', total: [20, 220], self: [5, 5] }),
      ...operation({ service: 'api', self: [10, 210] }),
    ];
    expect(suspectsOf(selfTime, { operations })).toEqual(['api latency']);
  });

  it('sees a delay of a tenth of the calls', () => {
    const [before, during] = operation({ service: 'api', self: [10, 10] });
    const slow = [...around(10, 90), ...around(500, 10)];
    const operations = [before, during && { ...during, self: slow }].filter((row) => row !== undefined);
    expect(suspectsOf(selfTime, { operations })).toEqual(['api latency']);
  });

  it('needs less proof where an alert already says that the service is slow', () => {
    const twoLate = (service: string): Rows => {
      const [before, during] = operation({ service, self: [10, 10], calls: [500, 40] });
      const self = [...around(10, 38), ...around(900, 2)];
      return { operations: [before, during && { ...during, self }].filter((row) => row !== undefined) };
    };
    expect(suspectsOf(selfTime, twoLate('web'))).toEqual(['web latency']);
    expect(suspectsOf(selfTime, twoLate('api'))).toEqual([]);
  });

  it('finds nothing when nothing shifted, and when there is nothing to compare with', () => {
    const quiet = ['web', 'db'].flatMap((service) => operation({ service, self: [5, 5] }));
    expect(suspectsOf(selfTime, { operations: quiet })).toEqual([]);
    const operations = operation({ service: 'new', self: [5, 500], calls: [0, 100] });
    expect(suspectsOf(selfTime, { operations })).toEqual([]);
  });

  it('is refuted by more added time elsewhere', () => {
    const rows = (api: number, db: number): Rows => ({
      operations: [...operation({ service: 'api', self: [10, api] }), ...operation({ service: 'db', self: [10, db] })],
    });
    expect(refutationOf(selfTime, rows(300, 10))).toBe(
      'survived: 100 % of the added time is at api, and none elsewhere',
    );
    expect(refutationOf(selfTime, rows(300, 150))).toMatch(
      /^survived: \d+ % of the added time is at api, at most \d+ % at db$/,
    );
    expect(refutationOf(selfTime, rows(30, 300))).toMatch(/^refuted: .* at api, but \d+ % at db$/);
  });

  it('may be time spent waiting, and makes callers wait', () => {
    expect(selfTime.traits).toMatchObject({ mayBeWaiting: true, delaysCallers: true, addedTime: true });
  });
});
