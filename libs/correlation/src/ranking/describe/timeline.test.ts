import { expect, it } from 'vitest';
import { candidate } from '../testing/candidate.ts';
import { onsetMs } from '../testing/fixture.ts';
import { onsetEntry } from './timeline.ts';

it('the onset entry names the service where nothing was found about it', () => {
  const entry = onsetEntry(candidate('api', { findings: [] }), onsetMs);
  expect(entry).toEqual({ atMs: onsetMs, kind: 'onset', text: 'api' });
});
