/** Turns the commands of a scenario into inputs of the machine. */
import {
  type Alert,
  type CommandAction,
  contentId,
  type EnvironmentReading,
  type EvidenceQuery,
  environmentReasons,
  type Input,
  isRemediationKind,
  type Scope,
  type Severity,
  upgradeMissing,
} from '@faultline/model';
import { originMs, type Player, scope } from './player.ts';
import { parseSpan } from './span.ts';
import { stubResult } from './stub-ranker.ts';

/** The input of one command, or a line of output when there is none. Scenarios call `checkCommand` first; random plays do not. */
export function parseInput(player: Player, text: string): Input | string {
  const words = text.split(' ');
  const bare = words.filter((word) => !word.includes('='));
  const options = new Map(
    words
      .filter((word) => word.includes('='))
      .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
  const [verb, ...rest] = bare;
  switch (verb) {
    case 'alert':
      return { kind: 'alert', alert: parseAlert(player, rest, options) };
    case 'change':
      return { kind: 'change', change: parseChange(player, rest, options) };
    case 'declare':
      return {
        kind: 'graph',
        graph: {
          scope: scopeOf(options),
          source: 'declared',
          edges: pairs(rest).map(([from, to]) => ({ from, to })),
          declaredAtMs: player.atMs,
        },
      };
    case 'answer':
      return parseAnswer(player, rest, options);
    case 'config':
      return {
        kind: 'config',
        config: Object.fromEntries([...options].map(([key, value]) => [key, JSON.parse(value)])),
      };
    default:
      return parseCommand(player, bare, options);
  }
}

/** The tenant's scope, with the environment that a record names. */
function scopeOf(options: ReadonlyMap<string, string>): Scope {
  return { ...scope, environment: options.get('env') ?? '' };
}

function pairs(words: readonly string[]): [string, string][] {
  return words.map((word) => word.split('->') as [string, string]);
}

function parseAlert(player: Player, words: readonly string[], options: ReadonlyMap<string, string>): Alert {
  const [service = '', name = 'Alert', ...flags] = words;
  const span = (key: string) => (options.has(key) ? originMs + parseSpan(options.get(key) ?? '') : null);
  const status = flags.includes('resolved') ? 'resolved' : 'firing';
  const startsAtMs = span('start') ?? player.atMs;
  const entities = {
    ...(service === '-' ? {} : { service }),
    ...pick(options, ['database', 'node', 'pod', 'zone', 'cluster']),
  };
  const fingerprint = options.get('fp') ?? `${name}/${service}`;
  return {
    id: contentId(fingerprint, status, String(startsAtMs)),
    scope: scopeOf(options),
    source: options.get('source') ?? 'am',
    fingerprint,
    name,
    status,
    severity: (options.get('severity') ?? 'critical') as Severity,
    summary: '',
    labels: pick(options, ['team']),
    annotations: pick(options, ['runbook_url']),
    entities,
    startsAtMs,
    endsAtMs: status === 'resolved' ? (span('end') ?? player.atMs) : null,
    receivedAtMs: player.atMs,
    expiresAfterMs: options.has('expires') ? parseSpan(options.get('expires') ?? '') : null,
    url: '',
    raw: '',
  };
}

function pick(options: ReadonlyMap<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (options.has(key) ? [[key, options.get(key) ?? '']] : [])));
}

function parseChange(
  player: Player,
  [service = '', version = '']: readonly string[],
  options: ReadonlyMap<string, string>,
) {
  return {
    id: contentId('change', service, version, options.get('env') ?? ''),
    scope: scopeOf(options),
    source: 'ci',
    kind: 'deploy' as const,
    entities: { service, ...pick(options, ['node']) },
    summary: `deploy ${service} ${version}`,
    actor: 'ci',
    startedAtMs: options.has('start') ? originMs + parseSpan(options.get('start') ?? '') : player.atMs,
    endedAtMs: null,
    version,
    previousVersion: '',
    url: '',
    receivedAtMs: player.atMs,
    raw: 'raw',
  };
}

function parseAnswer(player: Player, words: readonly string[], options: ReadonlyMap<string, string>): Input | string {
  const incident = player.names.id(words.find((word) => word.startsWith('#')) ?? '#1');
  const query = player.query(incident);
  if (query === undefined) return 'no open query';
  const list = (key: string) => (options.get(key) ?? '').split(',').filter((name) => name !== '');
  const missing = options.get('missing');
  const evidence = {
    disturbed: list('disturbed'),
    edges: pairs(list('edges')),
    cause: options.get('cause') ?? '',
    callee: options.get('callee') ?? '',
    environment: parseReading(query, options),
    settled: words.includes('settled'),
    missing: missing === undefined ? [] : [upgradeMissing(missing.replaceAll('_', ' '))],
  };
  return { kind: 'answer', answer: stubResult(query, evidence) };
}

/** `env=production,staging` was read, `why` says why, and `telemetry` lists all environments that send some. Null without these. */
function parseReading(query: EvidenceQuery, options: ReadonlyMap<string, string>): EnvironmentReading | null {
  const list = (key: string) => (options.get(key) ?? '').split(',').filter((name) => name !== '');
  const read = list('env');
  if (read.length === 0) return null;
  const reason = environmentReasons.find((one) => one === options.get('why')) ?? 'named';
  const qualified = list('twice');
  return {
    reason,
    read,
    named: query.environments ?? [],
    seen: [],
    known: [...new Set([...read, ...list('telemetry')])],
    qualified,
  };
}

function parseCommand(player: Player, words: readonly string[], options: ReadonlyMap<string, string>): Input {
  const [verb = '', name = '', ...rest] = words;
  const revision = options.get('revision');
  return {
    kind: 'command',
    command: {
      id: options.get('id') ?? contentId('command', verb, String(player.atMs)),
      scope,
      incidentId: player.names.id(name),
      expectedRevision: revision === undefined ? null : Number(revision),
      actor: 'ann',
      atMs: player.atMs,
      action: parseAction(player, verb, rest),
    },
  };
}

function parseAction(player: Player, verb: string, rest: readonly string[]): CommandAction {
  switch (verb) {
    case 'acknowledge':
    case 'reopen':
      return { kind: verb };
    case 'resolve':
      return { kind: 'resolve', resolution: rest.join(' ') };
    case 'split':
      return { kind: 'split', alertFingerprints: rest };
    case 'merge':
      return { kind: 'merge', otherIncidentId: player.names.id(rest[0] ?? '') };
    case 'pin':
      return { kind: 'pin-cause', service: rest[0] ?? '', causeKind: rest[1] ?? '' };
    case 'reject':
      return { kind: 'reject-cause', service: rest[0] ?? '' };
    case 'restore':
      return { kind: 'restore-cause', service: rest[0] ?? '' };
    case 'remediation':
      return parseRemediation(rest);
    case 'note':
      return { kind: 'note', text: rest.join(' ') };
    default:
      throw new Error(`no command ${verb}`);
  }
}

/** `restarted failed`, `rolled-back worked orders v42` */
function parseRemediation([remediation = '', outcome, ...target]: readonly string[]): CommandAction {
  if (!isRemediationKind(remediation)) throw new Error(`no remediation ${remediation}`);
  return { kind: 'record-remediation', remediation, target: target.join(' '), worked: outcome === 'worked' };
}
