/**
 * Records the journals that a release leaves for later ones: `npx node libs/correlation/src/testing/record-journals.ts VERSION [EXPORT...]`.
 * It plays every golden scenario and ten random plays, and takes files of `npm run export` as they are.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type JournalEntry, parseJournalFile, revisionHash, scopeKey } from '@faultline/model';
import { planEvidence, rankHypotheses } from '../ranking/index.ts';
import { createCore } from '../step.ts';
import { factsOf, playEntries, writeFixture } from './journal-fixture.ts';
import { type Player, scope } from './player.ts';
import { playRandom } from './random-play.ts';
import { playedScenario } from './scenario.ts';
import { stubRanker } from './stub-ranker.ts';

const testdata = join(import.meta.dirname, '..', 'testdata');
const [, , version, ...exports] = process.argv;
if (version === undefined) throw new Error('usage: record-journals.ts VERSION [EXPORT...]');
const folder = join(testdata, 'journals', version);
mkdirSync(folder, { recursive: true });

for (const file of readdirSync(testdata).filter((name) => name.endsWith('.txt')))
  record(`scenario-${basename(file, '.txt')}`, playedScenario(readFileSync(join(testdata, file), 'utf8'), file));
for (let seed = 0; seed < 10; seed += 1) record(`random-${seed}`, playRandom(seed, 0).player);
for (const path of exports) {
  const file = parseJournalFile(readFileSync(path, 'utf8'));
  if (!file.ok) throw new Error(`${path}: ${file.reason}`);
  write(basename(path, '.jsonl'), 'ranking', file.value.entries);
}

function record(name: string, { inputs }: Player): void {
  const entries = inputs.map(({ atMs, input }, seq) => ({ scopeKey: scopeKey(scope), seq, atMs, input }));
  write(name, 'stand-in', entries);
}

function write(name: string, judgedBy: 'ranking' | 'stand-in', entries: readonly JournalEntry[]): void {
  const core = createCore(judgedBy === 'ranking' ? { rankHypotheses, planEvidence } : stubRanker);
  const published = playEntries(core, entries);
  if (published.length === 0) return;
  const [revisions, hashes] = [published.map(factsOf), published.map(revisionHash)];
  writeFixture(join(folder, `${name}.json.zst`), { judgedBy, entries, revisions, hashes });
}
