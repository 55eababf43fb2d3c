import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../rank.ts';
import { findingsOf, refutationOf } from '../testing/evidence.ts';
import { edge, incident, line, operation, type Rows, series } from '../testing/fixture.ts';
import { nameResolution } from './name-resolution.ts';

/** These services call `to` each, and cannot resolve its name. */
function unresolved(callers: readonly string[], more: readonly string[] = []): Rows {
  const calls = (from: string, errors: readonly [number, number]) =>
    edge({ from, to: `${from}-peer`, silent: true, errors });
  return {
    operations: [...callers, ...more].flatMap((service) =>
      operation({ service, self: [5, 5], errors: [0, callers.includes(service) ? 90 : 0] }),
    ),
    edges: [...callers.flatMap((from) => calls(from, [0, 90])), ...more.flatMap((from) => calls(from, [0, 0]))],
    templates: callers.flatMap((service) => line(service, `getaddrinfo EAI_AGAIN ${service}-peer`, [0, 90], 17)),
    series: [series('coredns', 'coredns_forward_request_duration_seconds', [1, 1])],
  };
}
const found = (rows: Rows) =>
  findingsOf(nameResolution, rows).map(({ service, faultType }) => `${service} ${faultType}`);

describe('name resolution', () => {
  it('is what several services that cannot resolve names have in common', () => {
    expect(found(unresolved(['web', 'api', 'pay']))).toEqual(['coredns dns']);
    expect(rankHypotheses(incident('web', unresolved(['web', 'api', 'pay']))).hypotheses[0]?.cause).toMatchObject({
      service: 'coredns',
      kind: 'dns',
    });
  });

  it('is not blamed for one service, which may have a wrong name in its settings', () => {
    expect(found(unresolved(['web']))).toEqual([]);
  });

  it('needs a name server that is known', () => {
    expect(found({ ...unresolved(['web', 'api']), series: [] })).toEqual([]);
  });

  it('is refuted where most others resolve names', () => {
    const outcome = (more: readonly string[]) => refutationOf(nameResolution, unresolved(['web', 'api'], more));
    expect(outcome(['pay'])).toBe('survived: 2 of 3 services that call others fail');
    expect(outcome(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('refuted: 2 of 9 services that call others fail');
    expect(refutationOf(nameResolution, {})).toMatch(/^not-run/);
  });
});
