/** What kind of message an alert is, by what its sender's rules are made for. */
import type { Alert } from './alert.ts';

export const alertKinds = ['fault', 'heartbeat', 'no-data', 'rule-error'] as const;
/**
 * `heartbeat`: fires for ever by design and means that alerting works. `no-data`: the rule found no series. `rule-error`: the rule could not
 * be evaluated. All others: `fault`.
 */
export type AlertKind = (typeof alertKinds)[number];

interface KindRule {
  readonly id: string;
  readonly kind: AlertKind;
  readonly label: 'alertname' | 'severity' | 'expression';
  /** Lower case, letters and digits only. */
  readonly values: readonly string[];
  /** A heartbeat that is expected for ever. When it stops, alerting itself has stopped. */
  readonly isExpected?: true;
}

type Told = Pick<Alert, 'name' | 'labels' | 'url'>;

/** The first rule that fits decides. `id` is the name under which the alert is suppressed. */
export const alertKindRules: readonly KindRule[] = [
  // kube-prometheus, and what dead man's switch services ask for.
  {
    id: 'heartbeat',
    kind: 'heartbeat',
    isExpected: true,
    label: 'alertname',
    values: ['watchdog', 'deadmansswitch', 'deadmanswitch', 'prometheusalertmanagere2edeadmanswitch', 'alwaysfiring'],
  },
  // kube-prometheus: made for an inhibition rule and for a receiver that goes nowhere.
  { id: 'info-inhibitor', kind: 'heartbeat', label: 'alertname', values: ['infoinhibitor'] },
  // Grafana gives these names to the states NoData and Error of a rule; `rulename` is the rule's.
  { id: 'no-data', kind: 'no-data', label: 'alertname', values: ['datasourcenodata'] },
  { id: 'rule-error', kind: 'rule-error', label: 'alertname', values: ['datasourceerror'] },
  // True for ever: Prometheus puts the expression of the rule into the alert's link.
  { id: 'always-true', kind: 'heartbeat', label: 'expression', values: ['vector1', '1'], isExpected: true },
  { id: 'severity-none', kind: 'heartbeat', label: 'severity', values: ['none'] },
];

/** The kind of an alert. */
export function alertKindOf(alert: Told): AlertKind {
  return alertKindRuleOf(alert)?.kind ?? 'fault';
}

/** The rule by which an alert is no plain fault; null when it is one. */
export function alertKindRuleOf({ name, labels, url }: Told): KindRule | null {
  const values = {
    alertname: lower(labels['alertname'] ?? name),
    severity: lower(labels['severity'] ?? ''),
    expression: lower(URL.parse(url)?.searchParams.get('g0.expr') ?? ''),
  };
  return alertKindRules.find((rule) => rule.values.includes(values[rule.label])) ?? null;
}

/** Names are written as `DeadMansSwitch`, `dead-mans-switch`, `Dead man's switch`. */
function lower(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** What the alert's rule is called: Grafana puts it in `rulename` when the alert tells of the rule's own state. */
export function alertNameOf(labels: Alert['labels'], fallback: string): string {
  const name = labels['alertname'] ?? labels['alert_name'] ?? '';
  const rule = labels['rulename'] ?? '';
  return (isRuleState(name) ? rule : '') || name || fallback;
}

function isRuleState(name: string): boolean {
  return /^datasource(nodata|error)$/i.test(name);
}
