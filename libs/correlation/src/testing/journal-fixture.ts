/**
 * Journals of released versions. Each file holds the inputs of one scope and the facts of every revision that the release made of them.
 * A later release must come to the same facts. Words may change from release to release, so they are left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Incident, type JournalEntry, parseScope } from '@faultline/model';
import { parseCoreConfig } from '../state/config.ts';
import { createState } from '../state/load.ts';
import type { Core } from '../step.ts';

interface RecordedRevision {
  readonly [field: string]: unknown;
  readonly evidenceState: string;
}

interface JournalFixture {
  /** `ranking`: the real ranking judges. `stand-in`: the ranking of golden scenarios does. */
  readonly judgedBy: 'ranking' | 'stand-in';
  readonly entries: readonly JournalEntry[];
  readonly revisions: readonly RecordedRevision[];
  /**
   * The hash of each revision's bytes, words included. No test compares them: they show what a change of words or of the schema touched.
   */
  readonly hashes: readonly string[];
}

/** Plays the entries and returns the published revisions in order. */
export function playEntries(core: Core, entries: readonly JournalEntry[]): Incident[] {
  const scope = parseScope(entries[0]?.scopeKey ?? '');
  if (scope === null) throw new Error('the journal names no scope');
  let state = createState(scope);
  // A host journals its settings first. Recorded scenarios have none, and were played by those of their release.
  state.config = parseCoreConfig({});
  return entries.flatMap((entry) => {
    const step = core.step(state, entry);
    state = step.state;
    return step.effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.incident] : []));
  });
}

/** The facts of a revision, without its words and without fields that 0.1.0 did not have. */
export function factsOf(incident: Incident): RecordedRevision {
  const { title: _title, resolution: _resolution, missingEvidence: _words, missing: _missing, ...known } = incident;
  const { evidenceRetry: _retry, concurrent: _concurrent, triage: _triage, rejectedCauses: _rejected, ...rest } = known;
  const {
    environments: _environments,
    environmentReading: _reading,
    stages: _stages,
    remediations: _remediations,
    ...facts
  } = rest;
  return {
    ...facts,
    alerts: incident.alerts.map(({ reason: _reason, kind: _kind, environment: _environment, ...alert }) => alert),
    hypotheses: incident.hypotheses.map(({ refutation: _refutation, evidence, ...hypothesis }) => ({
      ...hypothesis,
      evidence: evidence.map(({ kind, entity, weight, source }) => ({ kind, entity, weight, source })),
    })),
    changes: incident.changes.map(({ reason: _reason, ...change }) => change),
    owners: incident.owners.map(({ team, contact }) => ({ team, contact })),
    timeline: incident.timeline.map(({ atMs, kind }) => ({ atMs, kind })),
    commands: incident.commands.map(({ id, result, refusal }) => ({ id, result, refusal })),
  };
}

export function readFixture(path: string): JournalFixture {
  const fixture = JSON.parse(zstdDecompressSync(readFileSync(path)).toString('utf8'), renameKind) as JournalFixture;
  return fixture.judgedBy === 'ranking' ? { ...fixture, revisions: fixture.revisions.map(withoutGuesses) } : fixture;
}

/** Before evidence was in, 0.1.0 listed possible causes by alert names. A later release lists none. */
function withoutGuesses(revision: RecordedRevision): RecordedRevision {
  return revision.evidenceState === 'pending' ? { ...revision, hypotheses: [] } : revision;
}

/** Kinds of evidence that a later release renamed. */
const renamedKinds: Readonly<Record<string, string>> = {
  'edge-gap': 'network-latency',
  'own-errors': 'originating-errors',
  'silent-hop': 'uninstrumented-dependency',
  steps: 'pattern-shift',
  'last-call': 'truncated-calls',
  blind: 'telemetry-gap',
  'shared-place': 'failure-domain',
  'callers-well': 'callers-unaffected',
  'as-ever': 'no-user-visible-change',
  late: 'onset-after-incident',
  'off-path': 'not-upstream',
};

/** Renames the kind of a recorded piece of evidence: only evidence has a kind and a weight. */
function renameKind(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('kind' in value && 'weight' in value)) return value;
  const { kind } = value;
  return typeof kind === 'string' ? { ...value, kind: renamedKinds[kind] ?? kind } : value;
}

export function writeFixture(path: string, fixture: JournalFixture): void {
  writeFileSync(path, zstdCompressSync(Buffer.from(JSON.stringify(fixture)), { params: { 100: 19 } }));
}
