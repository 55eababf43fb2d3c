import { describe, expect, it } from 'vitest';
import { logTemplate } from './log-template.ts';

const text = (line: string) => logTemplate(line).text;

describe('logTemplate', () => {
  it('gives lines that differ in values only the same id', () => {
    const one = logTemplate(
      '2026-01-29T22:48:11.790Z INFO c.s.OrderService#33 TraceID: 08f5570a3728d0ff [pay][for: 7802fdb3-a9d8-459b]',
    );
    const other = logTemplate(
      '2026-02-01T01:02:03.004Z INFO c.s.OrderService#41 TraceID: f24df9ed2b13ba2d [pay][for: bfe7966f-90f3-4edf]',
    );
    expect(one.text).toBe('INFO c.s.OrderService#* TraceID: * [pay][for: *]');
    expect(other).toEqual(one);
  });

  it.each([
    ['order 17 placed in 3.5ms by 10.0.0.1:8080', 'order * placed in * by *'],
    ['GET /api/v1/users/8731/cart status=503', 'GET /api/v1/users/*/cart status=503'],
    ['Trip(id=G1, from=shanghai, stations=[a, b, c])', 'Trip(id=*, from=*, stations=[*])'],
    ["can't find product 'Rubber Duck'", "can't find product '*'"],
    ['sent {"orderId":"x","n":{"a":1}} to queue', 'sent {*} to queue'],
    ['java.net.SocketTimeoutException: Read timed out', 'java.net.SocketTimeoutException: Read timed out'],
    ['at Mon May 04 08:00:00 done', 'at * done'],
    ['', ''],
  ])('%j reads as %j', (line, expected) => {
    expect(text(line)).toBe(expected);
  });

  it('reads the message of structured lines', () => {
    expect(text('{"level":"error","ts":1.5,"msg":"no stock for item 12"}')).toBe('no stock for item *');
    expect(text('level=error ts=2026-01-01T00:00:00Z msg="no stock for item 12"')).toBe(
      'level=error ts=* msg="no stock for item *"',
    );
    expect(text('{"level":"error","items":3}')).toBe('level: items:');
  });

  it('tells different wordings apart', () => {
    expect(logTemplate('payment accepted').id).not.toBe(logTemplate('payment refused').id);
    expect(logTemplate('code: 200').id).not.toBe(logTemplate('code: 503').id);
  });

  it('is bounded, whatever comes in', () => {
    expect(text(`${'x'.repeat(100_000)} tail`).length).toBe(200);
    expect(text('{'.repeat(50_000)).length).toBeLessThanOrEqual(200);
    expect(logTemplate('\u0000\u{1f600}"[{(').id).toHaveLength(16);
  });
});
