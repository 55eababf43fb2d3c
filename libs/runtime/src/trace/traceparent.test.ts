import { describe, expect, it } from 'vitest';
import { originOf, parseTraceparent } from './traceparent.ts';

const traceA = 'a'.repeat(32);
const traceB = 'b'.repeat(32);
const header = (traceId: string, span: number, flags = '01') => ({
  traceparent: `00-${traceId}-${span.toString(16).padStart(16, '0')}-${flags}`,
});

describe('the header', () => {
  it.each([
    ['nothing', {}],
    ['no header of ours', { traceparent: 'drop table' }],
    ['a trace of zeros', header('0'.repeat(32), 1)],
    ['a span of zeros', header(traceA, 0)],
  ])('%s is no parent', (_what, headers) => {
    expect(parseTraceparent(headers)).toBeNull();
  });

  it('is read as it is written', () => {
    expect(parseTraceparent(header(traceA, 7))).toMatchObject({ traceId: traceA, spanId: '0000000000000007' });
  });
});

describe('what brought a span about', () => {
  it('one trace is continued, its further spans are linked to', () => {
    const { parent, links } = originOf([{}, header(traceA, 1), header(traceA, 2), header(traceA, 1)]);
    expect([parent?.traceId, parent?.spanId.at(-1)]).toEqual([traceA, '1']);
    expect(links.map(({ spanId }) => spanId.at(-1))).toEqual(['2']);
  });

  it('of many traces none is continued', () => {
    const { parent, links } = originOf([header(traceA, 1), header(traceB, 2)]);
    expect(parent).toBeNull();
    expect(links.map(({ traceId }) => traceId)).toEqual([traceA, traceB]);
  });

  it('links are bounded', () => {
    const many = Array.from({ length: 500 }, (_, n) => header((n + 1).toString(16).padStart(32, '0'), n + 1));
    expect(originOf(many).links).toHaveLength(32);
  });

  it('a span is unsampled only when all of its causes are', () => {
    expect(originOf([header(traceA, 1, '00'), header(traceB, 2, '00')]).parent?.traceFlags).toBe(0);
    expect(originOf([header(traceA, 1, '00'), {}])).toEqual({ parent: null, links: [] });
    expect(originOf([header(traceA, 1, '00'), header(traceB, 2)]).parent?.traceId).toBe(traceB);
  });

  it('what is only linked to is never a parent', () => {
    expect(originOf([], [header(traceA, 1), header(traceB, 1, '00')])).toMatchObject({
      parent: null,
      links: [{ traceId: traceA }],
    });
  });
});
