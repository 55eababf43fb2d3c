import { describe, expect, it } from 'vitest';
import { createByteBudget, type Lease } from './budget.ts';
import { readBody } from './read.ts';

const [one, two, three] = [{}, {}, {}];

describe('a budget of bytes', () => {
  it('is for all connections together, and for each', () => {
    const budget = createByteBudget({ maxBytes: 100, maxConnectionBytes: 50 });
    const first = budget.open(one);
    expect([first.reserve(40), budget.open(one).reserve(20), budget.open(two).reserve(50)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(budget.open(three).reserve(20)).toBe(false);
    first.release();
    expect(budget.open(three).reserve(20)).toBe(true);
  });

  it('lets one request through however large, when it is alone', () => {
    const budget = createByteBudget({ maxBytes: 100, maxConnectionBytes: 100 });
    const large = budget.open(one);
    expect([large.reserve(80), large.reserve(500), budget.open(two).reserve(1)]).toEqual([true, true, false]);
  });
});

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

function leaseOf(room: number): Lease & { held: number } {
  return {
    held: 0,
    reserve(bytes) {
      if (this.held + bytes > room) return false;
      this.held += bytes;
      return true;
    },
    release() {},
  };
}

describe('a body', () => {
  it('is reserved by its declared size before a byte of it is read', async () => {
    let read = 0;
    async function* counted() {
      read++;
      yield Buffer.from('12345');
    }
    const body = { declaredBytes: 5, encoding: undefined, pieces: counted() };
    expect(await readBody(body, 10, leaseOf(4))).toMatchObject({ ok: false, status: 503 });
    expect(read).toBe(0);
    expect(await readBody(body, 10, leaseOf(5))).toEqual({ ok: true, bytes: Buffer.from('12345') });
  });

  it.each([
    ['declared too large', 11, ['x'], 413],
    ['longer than declared', 3, ['ab', 'cd'], 413],
    ['shorter than declared', 5, ['ab'], 400],
    ['without a size, too large', null, ['12345', '67890', 'x'], 413],
  ])('%s', async (_name, declaredBytes, texts, status) => {
    const body = { declaredBytes, encoding: undefined, pieces: pieces(...texts) };
    expect(await readBody(body, 10, leaseOf(100))).toMatchObject({ ok: false, status });
  });

  it('without a size is reserved as it arrives', async () => {
    const body = () => ({ declaredBytes: null, encoding: undefined, pieces: pieces('123', '456') });
    const lease = leaseOf(6);
    expect(await readBody(body(), 10, lease)).toMatchObject({ ok: true });
    expect(lease.held).toBe(6);
    expect(await readBody(body(), 10, leaseOf(5))).toMatchObject({ ok: false, status: 503 });
  });

  it('that breaks off is refused', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('1');
      throw new Error('aborted');
    }
    const body = { declaredBytes: null, encoding: undefined, pieces: broken() };
    expect(await readBody(body, 10, leaseOf(5))).toMatchObject({ ok: false, status: 400 });
  });
});
