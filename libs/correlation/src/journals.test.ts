/** Journals that released versions left must still lead to the same incidents. `testing/record-journals.ts` records a release's own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planEvidence, rankHypotheses } from './ranking/index.ts';
import { createCore } from './step.ts';
import { factsOf, playEntries, readFixture } from './testing/journal-fixture.ts';
import { stubRanker } from './testing/stub-ranker.ts';

const folder = join(import.meta.dirname, 'testdata', 'journals');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json.zst'));

it('there are journals of a release', () => expect(files.length).toBeGreaterThan(20));

/** What is right has changed since: such a journal leads to other incidents, for this reason. */
const changed: Readonly<Record<string, string>> = {
  '0.1.0/scenario-storm.json.zst': 'an alert without telemetry joins nothing for the minute alone',
};

it.each(files)('%s', (file) => {
  const { judgedBy, entries, revisions } = readFixture(join(folder, file));
  const core = createCore(judgedBy === 'ranking' ? { rankHypotheses, planEvidence } : stubRanker);
  const played = playEntries(core, entries);
  expect(played.length).toBeGreaterThan(0);
  const facts = played.map((incident) => JSON.parse(JSON.stringify(factsOf(incident))));
  if (changed[file] === undefined) expect(facts).toEqual(revisions);
  else expect(facts).not.toEqual(revisions);
});
