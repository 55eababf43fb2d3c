import { expect, it } from 'vitest';
import { ingestConfig } from '../config.ts';
import type { MappingInput } from './evaluator.ts';
import { tryMapping } from './try-mapping.ts';

it('a trial stands in no line of a sender, and waits until no alert waits', async () => {
  const asked: MappingInput[] = [];
  const mappings = {
    evaluate: async (input: MappingInput) => {
      asked.push(input);
      return { ok: false, code: 'INGEST_MAPPING', reason: 'mapping: no' } as const;
    },
    close: async () => {},
  };
  const trial = { source: 'trial', expression: '{}', body: Buffer.from('{}'), headers: {}, receivedAtMs: 0 };
  const tried = await tryMapping(trial, ingestConfig.parse({}), mappings);
  expect(tried).toEqual({ ok: false, reason: 'mapping: no [INGEST_MAPPING]', missingHeaders: [] });
  expect(asked).toMatchObject([{ tenant: 'a trial', signal: 'changes' }]);
});
