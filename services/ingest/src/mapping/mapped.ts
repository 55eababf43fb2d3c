/** What a mapping returns: alerts, changes and acknowledgements in one form, whatever tool sent them. */
import type { ChangeKind, Release, Severity, Signal } from '@faultline/model';
import { changeKinds } from '@faultline/model';
import type { IngestLimits } from '../config.ts';
import { cut, type Field, invalid, isJsonObject, type Json, scalarText, textMap } from '../field.ts';
import { severityOf } from '../severity.ts';
import type { Problem } from '../source.ts';
import { releaseOfItem } from './mapped-release.ts';
import { timeOf } from './time.ts';

export interface MappedAlert {
  readonly type: 'alert';
  /** Identity at the source; empty: name and labels. */
  readonly key: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
  readonly url: string;
}

export interface MappedChange {
  readonly type: 'change';
  /** Identity at the source; empty: the content. */
  readonly key: string;
  readonly kind: ChangeKind;
  readonly summary: string;
  readonly actor: string;
  readonly version: string;
  readonly previousVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly url: string;
  readonly release: Release | null;
}

/** A person acknowledged the alert with this key. */
export interface MappedAcknowledgement {
  readonly type: 'acknowledgement';
  readonly key: string;
  readonly actor: string;
}

export type MappedItem = MappedAlert | MappedChange | MappedAcknowledgement;

export interface Mapped {
  readonly items: readonly MappedItem[];
  readonly problems: readonly Problem[];
  /** Why parts of the body were not used. */
  readonly ignored: readonly string[];
}

export interface ReadOptions {
  readonly receivedAtMs: number;
  readonly limits: IngestLimits;
}

/** Most items of one body. */
const maxItems = 5000;

/** Reads the value of a mapping. A wrong item is a problem and leaves the others alone. */
export function readMapped(value: unknown, options: ReadOptions): Mapped {
  if (!isJsonObject(value)) return nothing(invalid('mapping', 'an object with alerts, changes or ignored').problem);
  const read = [
    ...itemsOf(value, 'alerts').map((item, at) => withSignal(alertOf(item, `alerts[${at}]`, options), 'alerts')),
    ...itemsOf(value, 'changes').map((item, at) => withSignal(changeOf(item, `changes[${at}]`, options), 'changes')),
    ...itemsOf(value, 'acknowledged').map((item, at) => acknowledgementOf(item, `acknowledged[${at}]`)),
  ];
  const ignored = listOf(value['ignored']).map((reason) => cut(scalarText(reason), 300));
  if (read.length > maxItems)
    return nothing({ code: 'INGEST_TOO_MANY', reason: `mapping: expected at most ${maxItems} items` });
  if (read.length === 0 && ignored.length === 0)
    return nothing(invalid('mapping', 'an entry in alerts, changes, acknowledged or ignored, got none').problem);
  return {
    items: read.flatMap((field) => (field.ok ? [field.value] : [])),
    problems: read.flatMap((field) => (field.ok ? [] : [field.problem])),
    ignored: ignored.filter((reason) => reason !== '').slice(0, 20),
  };
}

/** A body may hold both kinds, and each is counted as what it is. */
function withSignal<Value>(field: Field<Value>, signal: Signal): Field<Value> {
  return field.ok ? field : { ok: false, problem: { ...field.problem, signal } };
}

function nothing(problem: Problem): Mapped {
  return { items: [], problems: [problem], ignored: [] };
}

/** JSONata writes a list of one as its item, and an empty one as nothing. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function itemsOf(value: Json, field: string): readonly unknown[] {
  return listOf(value[field]);
}

function alertOf(item: unknown, path: string, options: ReadOptions): Field<MappedAlert> {
  if (!isJsonObject(item)) return invalid(path, 'an object');
  const name = text(item['name'], 256);
  if (name === '') return invalid(`${path}.name`, 'a text');
  const { status = 'firing' } = item;
  if (status !== 'firing' && status !== 'resolved') return invalid(`${path}.status`, 'firing or resolved');
  const labels = labelsOfItem(item, path, options.limits);
  if (!labels.ok) return labels;
  const severity = text(item['severity'], 100);
  return {
    ok: true,
    value: {
      type: 'alert',
      key: text(item['key'], 512),
      name,
      status,
      severity: severityOf(severity),
      summary: text(item['summary'], 1024) || name,
      labels: { alertname: name, ...labels.value, ...(severity === '' ? {} : { severity }) },
      annotations: annotationsOf(item),
      startsAtMs: timeOf(item['startsAt'], options),
      endsAtMs: timeOf(item['endsAt'], options),
      url: text(item['url'], 4096),
    },
  };
}

function annotationsOf(item: Json): Record<string, string> {
  const description = text(item['description'], 4096);
  return description === '' ? {} : { description };
}

/** `service`, `host` and `environment` are labels with fields of their own. Lists and objects in labels name nothing and are left out. */
function labelsOfItem(item: Json, path: string, limits: IngestLimits): Field<Record<string, string>> {
  const own = ['service', 'host', 'environment'].flatMap((name): [string, string][] => {
    const value = text(item[name], limits.labelValueBytes);
    return value === '' ? [] : [[name, value]];
  });
  const sent = isJsonObject(item['labels']) ? item['labels'] : {};
  const plain = Object.entries(sent).filter(([, value]) => scalarText(value) !== '');
  const labels = Object.fromEntries([...plain, ...own]);
  return textMap(labels, `${path}.labels`, { maxEntries: limits.labels, maxValueLength: limits.labelValueBytes });
}

function changeOf(item: unknown, path: string, options: ReadOptions): Field<MappedChange> {
  if (!isJsonObject(item)) return invalid(path, 'an object');
  const kind = changeKinds.find((candidate) => candidate === (item['kind'] ?? 'other'));
  if (kind === undefined) return invalid(`${path}.kind`, `one of ${changeKinds.join(', ')}`);
  const summary = text(item['summary'], 1024);
  if (summary === '') return invalid(`${path}.summary`, 'a text');
  const labels = labelsOfItem(item, path, options.limits);
  if (!labels.ok) return labels;
  return {
    ok: true,
    value: {
      type: 'change',
      key: text(item['key'], 512),
      kind,
      summary,
      actor: text(item['actor'], 256),
      version: text(item['version'], 256),
      previousVersion: text(item['previousVersion'], 256),
      labels: labels.value,
      startedAtMs: timeOf(item['startedAt'], options),
      endedAtMs: timeOf(item['endedAt'], options),
      url: text(item['url'], 4096),
      release: releaseOfItem(item, labels.value),
    },
  };
}

function acknowledgementOf(item: unknown, path: string): Field<MappedAcknowledgement> {
  if (!isJsonObject(item)) return invalid(path, 'an object');
  const key = text(item['key'], 512);
  if (key === '') return invalid(`${path}.key`, 'the key of an alert');
  return { ok: true, value: { type: 'acknowledgement', key, actor: text(item['actor'], 256) } };
}

function text(value: unknown, maxLength: number): string {
  return cut(scalarText(value).trim(), maxLength);
}
