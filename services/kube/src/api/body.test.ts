import { describe, expect, it } from 'vitest';
import { linesOf, readText } from './body.ts';

async function* each(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

const chunksOf = (...chunks: readonly string[]) => each(chunks);

async function linesIn(chunks: AsyncIterable<string>, maxChars?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks, maxChars)) lines.push(line);
  return lines;
}

/** A body that never ends, and how much of it was read. */
function endless(chunk: string) {
  const read = { chars: 0 };
  const chunks = (async function* () {
    for (;;) {
      read.chars += chunk.length;
      yield chunk;
    }
  })();
  return { read, chunks };
}

describe('linesOf', () => {
  it.each([
    { chunks: ['ab\ncd\n'], lines: ['ab', 'cd'] },
    { chunks: ['a', 'b', '\nc', 'd\n\n', '\n', 'e\n'], lines: ['ab', 'cd', 'e'] },
    { chunks: ['ab\ncut'], lines: ['ab'] },
    { chunks: [''], lines: [] },
  ])('finds $lines', async ({ chunks, lines }) => {
    expect(await linesIn(chunksOf(...chunks))).toEqual(lines);
  });

  it('takes a line at the limit, and refuses a longer one whole or in parts', async () => {
    expect(await linesIn(chunksOf('1234\n', '12', '34\n'), 4)).toEqual(['1234', '1234']);
    for (const chunks of [['12345\n'], ['123', '45\n']])
      await expect(linesIn(chunksOf(...chunks), 4)).rejects.toMatchObject({ code: 'KUBE_BAD_ANSWER' });
  });

  it('stops at a line without an end', async () => {
    const { read, chunks } = endless('x'.repeat(65_536));
    await expect(linesIn(chunks)).rejects.toMatchObject({ code: 'KUBE_BAD_ANSWER' });
    expect(read.chars).toBeLessThan(5 * 1024 * 1024);
  });

  it('reads a long line in time that grows with its length', async () => {
    // Joining the rest anew for each of these chunks would copy more than 100 GB.
    const chunks = Array.from({ length: 60_000 }, () => 'x'.repeat(64));
    chunks.push('\n');
    const startMs = performance.now();
    const [line] = await linesIn(each(chunks));
    expect(line).toHaveLength(3_840_000);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});

describe('readText', () => {
  it('reads to the end, and no further than the limit', async () => {
    expect(await readText(chunksOf('ab', 'cd'), 4)).toBe('abcd');
    const { read, chunks } = endless('xx');
    expect(await readText(chunks, 5)).toBeNull();
    expect(read.chars).toBe(6);
  });
});
