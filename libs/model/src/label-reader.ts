/** Reads labels by rules, and remembers which were passed over and why. */
import type { EntityKind } from './entity.ts';
import { type EntityRules, type LabelRule, nameReaders } from './entity-rules.ts';
import type { ExporterRule } from './exporter-rules.ts';
import { isAddress, isPlaceholder, isWeakName } from './names.ts';
import { plainName } from './plain-name.ts';

export type Labels = Readonly<Record<string, string>>;

/** Why a label that could name an entity does not. */
export type PassReason =
  /** A placeholder or a loopback address. */
  | 'names-nothing'
  /** It describes who called; the series is about the called side. */
  | 'names-the-caller'
  /** It describes what was scraped; the exporter speaks of something else. */
  | 'names-the-exporter'
  /** `exported_x` stands beside it, so that it describes what was scraped. */
  | 'exported-label-is-better'
  /** An address, where there is a name. */
  | 'address'
  /** An SDK's default, where there is a name. */
  | 'default-name';

export interface PassedOver {
  readonly label: string;
  readonly value: string;
  readonly reason: PassReason;
}

export interface NamedBy {
  readonly name: string;
  readonly label: string;
}

/** Labels that Prometheus puts on every series of a target, beside `exported_` ones when the target has them, too. */
const targetLabels: ReadonlySet<string> = new Set([
  'job',
  'instance',
  'service',
  'endpoint',
  'namespace',
  'pod',
  'container',
  'kubernetes_namespace',
  'kubernetes_pod_name',
]);
const identityLabels = [
  'job',
  'service',
  'service.name',
  'service_name',
  'container',
  'app',
  'k8s_app',
  'app_kubernetes_io_name',
  'app.kubernetes.io/name',
];
const labelsOfTheExporter: ReadonlySet<string> = new Set([
  ...identityLabels,
  'pod',
  'pod_name',
  'kubernetes_pod_name',
  'k8s.pod.name',
]);

/** The value of a label as a name that people see; empty when there is none. */
export function labelOf(labels: Labels, label: string): string {
  // Labels come from JSON: `constructor` must not find what every object inherits.
  const value: unknown = Object.hasOwn(labels, label) ? labels[label] : '';
  return typeof value === 'string' ? plainName(value) : '';
}

/** The exporter or agent that the series comes from; null when it speaks of itself. */
export function exporterOf(labels: Labels, { exporters, anyExporter }: EntityRules): ExporterRule | null {
  const values: string[] = [];
  for (const label of identityLabels) {
    const value = labelOf(labels, label);
    if (value !== '' && (anyExporter.test(value) || anyExporter.test(lastPart(value)))) values.push(value);
  }
  if (values.length === 0) return null;
  const fits = ({ names }: ExporterRule) => values.some((value) => names.test(lastPart(value)) || names.test(value));
  return exporterOfJob(labels, exporters) ?? exporters.find(fits) ?? null;
}

function exporterOfJob(labels: Labels, exporters: readonly ExporterRule[]): ExporterRule | null {
  if (['service', 'pod', 'app'].some((label) => labelOf(labels, label) !== '')) return null;
  const job = labelOf(labels, 'job');
  return exporters.find(({ jobs }) => jobs?.test(job) === true) ?? null;
}

/** The labels of a target of which any shows that it is the exporter, and not what the exporter speaks of. */
function targetNames({ isNeverSidecar }: ExporterRule): readonly string[] {
  return isNeverSidecar === true ? ['job', 'service', 'container'] : ['job', 'service'];
}

/** The Prometheus operator writes a job as `namespace/name`. */
export function lastPart(job: string): string {
  return job.split('/').at(-1) ?? '';
}

export class LabelReader {
  readonly #labels: Labels;
  readonly #rules: EntityRules;
  readonly #exporter: ExporterRule | null;
  readonly #isTargetKnown: boolean;
  readonly #hasAnyExported: boolean;
  /** One of the labels of a target stands there twice, so that the plain one describes the target. */
  readonly #hasExported: boolean;
  readonly passedOver: PassedOver[] = [];

  constructor(labels: Labels, rules: EntityRules, exporter: ExporterRule | null) {
    this.#labels = labels;
    this.#rules = rules;
    this.#exporter = exporter;
    const exported = Object.keys(labels).filter((label) => label.startsWith('exported_'));
    this.#hasAnyExported = exported.length > 0;
    this.#hasExported = exported.some((label) => targetLabels.has(label.slice('exported_'.length)));
    this.#isTargetKnown =
      exporter !== null && targetNames(exporter).some((label) => exporter.names.test(lastPart(labelOf(labels, label))));
  }

  /** The name that the best of these rules finds; null when none does. A bare address counts only when nothing else is there. */
  first(rules: readonly LabelRule[]): NamedBy | null {
    let weak: (NamedBy & { readonly reason: PassReason }) | null = null;
    for (const rule of rules) {
      const named = this.#read(rule);
      if (named === null) continue;
      const reason = isAddress(named.name) ? 'address' : isWeakName(named.name) ? 'default-name' : null;
      if (reason === null) {
        if (weak !== null) this.pass(weak.label, weak.reason);
        return named;
      }
      weak ??= { ...named, reason };
    }
    return weak;
  }

  pass(label: string, reason: PassReason): void {
    const value = labelOf(this.#labels, label);
    if (this.passedOver.every((passed) => passed.label !== label)) this.passedOver.push({ label, value, reason });
  }

  #read(rule: LabelRule): NamedBy | null {
    const exported = this.#hasAnyExported ? this.#readLabel(`exported_${rule.label}`, rule) : null;
    return exported ?? this.#readLabel(rule.label, rule);
  }

  #readLabel(name: string, { kind, read }: LabelRule): NamedBy | null {
    const value = labelOf(this.#labels, name);
    if (value === '') return null;
    const found = nameReaders[read](value);
    const reason = this.#reasonToPass(name, isPlaceholder(value, kind) ? value : found, kind);
    if (reason === null) return { name: found, label: name };
    this.pass(name, reason);
    return null;
  }

  #reasonToPass(label: string, value: string, kind: EntityKind): PassReason | null {
    if (isPlaceholder(value, kind, this.#rules.allowedNames)) return 'names-nothing';
    if (this.#hasExported && targetLabels.has(label)) return 'exported-label-is-better';
    return this.isOfTheExporter(label) || this.#exporter?.ignores?.includes(label) ? 'names-the-exporter' : null;
  }

  /** Whether this label describes the exporter: it looks like its name, or like that of the target which is known to be the exporter. */
  isOfTheExporter(label: string): boolean {
    const exporter = this.#exporter;
    const value = labelOf(this.#labels, label);
    if (exporter === null || value === '' || !labelsOfTheExporter.has(label)) return false;
    if (exporter.names.test(lastPart(value))) return true;
    if (label === 'container' && this.isOfTheExporter('pod')) return true;
    if (!this.#isTargetKnown) return false;
    if (label === 'job' || label === 'service') return exporter.keepsService !== true || label === 'job';
    return ['job', 'service'].some((target) => {
      const name = lastPart(labelOf(this.#labels, target));
      const isExporters = exporter.isNeverSidecar === true || exporter.names.test(name);
      return name !== '' && isExporters && (value === name || value.startsWith(`${name}-`));
    });
  }
}
