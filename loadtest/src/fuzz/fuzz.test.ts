import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

describe('fuzzing', () => {
  it('finds nothing in the decoders of ingest in four seconds', async () => {
    const report = await fuzz({ seconds: 4, seed: 1 });
    expect(report.failures).toEqual([]);
    expect(report.bodies).toBeGreaterThan(100);
    expect(report.grownBytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('finds a decoder that throws at one byte', async () => {
    const brittle = {
      name: 'brittle',
      seeds: [Buffer.from('hello')],
      run: (bytes: Buffer) => {
        if (bytes.includes(0x80)) throw new Error('a byte above 127');
      },
    };
    const { failures } = await fuzz({ seconds: 1, seed: 1, decoders: [brittle] });
    expect(failures[0]).toMatchObject({ decoder: 'brittle', problem: expect.stringContaining('above 127') });
  });
});
