import { describe, expect, it } from 'vitest';
import { pathToSymptom } from './path.ts';

/** The path over these calls, each written `caller>callee`. Neighbours are sorted, as in the service graph. */
function path(calls: string, cause: string, alerting: readonly string[]): string {
  const links = calls.split(' ').map((call) => call.split('>'));
  const grouped = (from: number, to: number): Map<string, string[]> =>
    new Map(
      [...Map.groupBy(links, (link) => link[from] ?? '')].map(([name, own]) => [
        name,
        own.map((link) => link[to] ?? '').toSorted(),
      ]),
    );
  const graph = { callees: grouped(0, 1), callers: grouped(1, 0), alerting: new Set(alerting) };
  return pathToSymptom(graph, cause).join(' ');
}

describe('pathToSymptom', () => {
  it('is the shortest one', () => {
    expect(path('web>api api>cart cart>db api>db', 'db', ['web'])).toBe('db api web');
  });

  it('is the first by name of equally short ones, so that it stays the same', () => {
    expect(path('web>b web>a b>db a>db', 'db', ['web'])).toBe('db a web');
  });

  it('ends at the nearest of several symptoms that nobody else feels', () => {
    expect(path('web>api shop>db api>db', 'db', ['web', 'shop'])).toBe('db shop');
  });

  it('passes an alerting service whose caller alerts too', () => {
    expect(path('web>api api>db', 'db', ['api', 'web'])).toBe('db api web');
  });

  it('ends at an alerting service that it reaches, where it does not reach the topmost one', () => {
    expect(path('a>b b>a a>db x>top', 'db', ['a', 'b', 'top'])).toBe('db a');
  });

  it('ends in a circle where all who alert call each other', () => {
    expect(path('a>b b>a a>db', 'db', ['a', 'b'])).toBe('db a');
  });

  it('goes around a circle of healthy services without end', () => {
    expect(path('a>b b>a a>db', 'db', ['web'])).toBe('db');
  });

  it('goes up before it goes down', () => {
    expect(path('web>api api>db', 'api', ['web', 'db'])).toBe('api web');
  });
});
