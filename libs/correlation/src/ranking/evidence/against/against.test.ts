import { describe, expect, it } from 'vitest';
import { createContext } from '../../compare/compare.ts';
import { type Finding, isSupport } from '../../finding/finding.ts';
import { lookAtOperations } from '../../finding/reference.ts';
import { edge, incident, onsetMs, operation, presence, type Rows, series } from '../../fixture.ts';
import { knownOnset } from '../../onset/find-onset.ts';
import { rankHypotheses } from '../../rank.ts';
import { counterFindings } from './list.ts';

const support = (kind: 'resources' | 'self-time' | 'blind', service = 'api'): Finding => ({
  kind,
  reason: 'cpu',
  service,
  instance: '',
  causeKind: 'cpu',
  entity: `service:${service}`,
  strength: 0.8,
  explainable: 0,
  summary: '',
  before: '',
  during: '',
  look: lookAtOperations(service),
});

/** Kind and strength of what speaks against the services that these findings are about. */
function against(rows: Rows, findings: readonly Finding[], onset = knownOnset(onsetMs)): string[] {
  const context = createContext(incident('web', rows), onset);
  return counterFindings(context, findings).map(({ kind, strength }) => `${kind} ${strength.toFixed(2)}`);
}

const web = operation({ service: 'web', total: [40, 340], self: [5, 5] });
const api = (during: number) => operation({ service: 'api', total: [30, during], self: [5, 5] });
const calls = (from: string, during: number, errors = 0) =>
  edge({ from, to: 'api', total: [30, during], errors: [0, errors] });

describe('evidence against', () => {
  it('is that a service answers as ever, whatever its processor did', () => {
    const rows = (during: number): Rows => ({ operations: [...web, ...api(during)], edges: calls('web', during) });
    expect(against(rows(30), [support('resources')])).toEqual(['as-ever -1.00']);
    expect(against(rows(330), [support('resources')])).toEqual([]);
  });

  it('is that most of its callers are served as before, unless a part of it is gone', () => {
    const callers = (slow: number): Rows => ({
      operations: [...web, ...api(30)],
      edges: ['web', 'a', 'b'].flatMap((from, i) => calls(from, i < slow ? 330 : 30)),
    });
    expect(against(callers(1), [support('resources')])).toContain('callers-well -0.67');
    expect(against(callers(2), [support('resources')])).not.toContain('callers-well -0.33');
    expect(against(callers(1), [support('blind')])).toEqual([]);
  });

  it('is a refuting test that went against what speaks for it most', () => {
    const operations = [
      ...operation({ service: 'web', self: [5, 300] }),
      ...operation({ service: 'api', total: [30, 60], self: [5, 30] }),
    ];
    const edges = calls('web', 60);
    expect(against({ operations, edges }, [support('self-time')])).toEqual(['refuted-test -0.80']);
    expect(against({ operations, edges }, [support('self-time', 'web')])).toEqual([]);
  });

  it('is never taken for what speaks for a service, however weak it is', () => {
    expect(isSupport({ ...support('resources'), kind: 'late', strength: -0 })).toBe(false);
  });

  it('is that nothing that alerts calls it', () => {
    const edges = [...calls('web', 330), ...edge({ from: 'batch', to: 'mail' })];
    const operations = [...web, ...operation({ service: 'mail', self: [5, 50] })];
    expect(against({ operations, edges }, [support('self-time', 'mail')])).toContain('off-path -1.00');
    expect(against({ operations, edges }, [support('self-time')])).not.toContain('off-path -1.00');
  });

  it('is that it moved after the harm began', () => {
    const context = createContext(incident('web', { operations: api(330), edges: calls('web', 330) }));
    const later = (lateMs: number) => ({ ...context, onsetOf: () => context.onset.duringFromMs + lateMs });
    const found = (lateMs: number) =>
      counterFindings(later(lateMs), [support('self-time')]).filter(({ kind }) => kind === 'late');
    expect(found(30_000)).toEqual([]);
    expect(found(90_000)[0]?.strength).toBe(-0.5);
    expect(found(90_000)[0]?.summary).toBe('api moved 90 s after the harm had begun elsewhere');
    // A service without spans has no calls to look at: the rows are those that showed it move.
    const look = { ...lookAtOperations('api'), view: 'series' as const, metric: 'cpu' };
    const shown = counterFindings(later(90_000), [{ ...support('resources'), look }]);
    expect(shown.find(({ kind }) => kind === 'late')?.look).toEqual(look);
  });

  it('is not looked for before evidence is in, nor of services that nothing speaks for', () => {
    expect(counterFindings(createContext(incident('web', null)), [support('resources')])).toEqual([]);
    expect(against({ operations: [...web, ...api(30)] }, [])).toEqual([]);
  });

  it('is listed after what speaks for it, and takes from its chance', () => {
    const rows: Rows = {
      operations: [...web, ...api(30)],
      edges: calls('web', 30),
      series: [series('api', 'process.cpu.utilization', [0.2, 0.98])],
      presence: [presence('web', 779_000)],
    };
    const hypothesis = rankHypotheses(incident('web', rows)).hypotheses.find(({ cause }) => cause.service === 'api');
    expect(hypothesis?.evidence.map(({ kind, weight }) => [kind, Math.sign(weight)])).toEqual([
      ['resources', 1],
      ['as-ever', -1],
    ]);
    expect(hypothesis?.evidence[1]?.summary).toMatch(/^api answers its callers as ever: 28.8 ms, 0 % failing -> /);
    expect(hypothesis?.cause.kind).toBe('cpu');
  });
});
