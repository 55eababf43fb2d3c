import type { Severity } from '@faultline/model';

/** The entry of the incident's severity, and what a resolved page gets. */
export type BySeverity<Value> = Readonly<Record<Severity, Value>>;

/** Colours of a page where a channel shows one, as hex RGB. */
export const severityColors: BySeverity<string> & { readonly resolved: string } = {
  critical: '#d32f2f',
  error: '#f57c00',
  warning: '#fbc02d',
  info: '#1976d2',
  resolved: '#388e3c',
};
