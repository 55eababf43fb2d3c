import { afterAll, describe, expect, it } from 'vitest';
import { createMappingEvaluator } from './evaluator.ts';

const evaluator = createMappingEvaluator({ timeoutMs: 500, memoryMb: 32 });
afterAll(() => evaluator.close());

const evaluate = (expression: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  evaluator.evaluate({ expression, body: JSON.stringify(body), headers });

describe('the evaluator of mappings', () => {
  it('evaluates JSONata over body and headers', async () => {
    const value = await evaluate('{ "a": list.(n & $headers.kind) }', { list: [{ n: 1 }, { n: 2 }] }, { kind: 'x' });
    expect(value).toEqual({ ok: true, value: { a: ['1x', '2x'] } });
  });

  it('has labels in the forms that tools use', async () => {
    const value = await evaluate('$merge([$labels(tags), $labels(pairs)])', {
      tags: ['service:checkout', 'url:https://a/b'],
      pairs: [{ tag: 'env', value: 'prod' }],
    });
    expect(value).toEqual({ ok: true, value: { service: 'checkout', url: 'https://a/b', env: 'prod' } });
  });

  it('asks a tenant with much waiting to come again, and takes the alert of another before its changes', async () => {
    const few = createMappingEvaluator({ timeoutMs: 500, memoryMb: 32, maxWaiting: 2 });
    const done: string[] = [];
    const send = async (tenant: string, signal: 'alerts' | 'changes') => {
      const result = await few.evaluate({ expression: '1', body: '{}', headers: {}, tenant, signal });
      done.push(result.ok ? tenant : result.code);
    };
    await Promise.all([
      ...Array.from({ length: 4 }, () => send('a', 'changes')),
      send('b', 'changes'),
      send('c', 'alerts'),
    ]);
    await few.close();
    expect(done).toEqual(['INGEST_OVERLOADED', 'a', 'c', 'a', 'b', 'a']);
  });

  it('says what is wrong with an expression', async () => {
    expect(await evaluate('{ "a": ')).toMatchObject({ ok: false, code: 'INGEST_MAPPING' });
    expect(await evaluate('$number("x")')).toMatchObject({ ok: false, code: 'INGEST_MAPPING' });
  });

  it.each([
    ['recursion without an end', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['deep recursion', '($f := function($x) { 1 + $f($x + 1) }; $f(1))'],
    ['a long list', '[1..1000000].$string()'],
  ])('gives up %s, and goes on', async (_name, expression) => {
    expect(await evaluate(expression)).toMatchObject({ ok: false, code: 'INGEST_TOO_COSTLY' });
    expect(await evaluate('1')).toEqual({ ok: true, value: 1 });
  });

  it('ends a thread that a regular expression holds, or that takes too much memory', async () => {
    const held = await evaluate(`$match("${'a'.repeat(40)}b", /^(a+)+$/)`);
    expect(held).toMatchObject({ ok: false, code: 'INGEST_TOO_COSTLY' });
    const huge = await evaluate('$map([1..10000], function($i) { $split($pad("", 20000, "x" & $i), "") })');
    expect(huge).toMatchObject({ ok: false, code: 'INGEST_TOO_COSTLY' });
    expect(await evaluate('1')).toEqual({ ok: true, value: 1 });
  });
});
