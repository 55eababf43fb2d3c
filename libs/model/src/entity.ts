/** The kinds of thing that can be affected by, or be the cause of, an incident. */
export const entityKinds = [
  'service',
  'workload',
  'pod',
  'node',
  'cluster',
  'zone',
  'database',
  'topic',
  'namespace',
] as const;
export type EntityKind = (typeof entityKinds)[number];

/** What one alert, change, span or series speaks of: at most one name for each kind. */
export type Entities = { readonly [kind in EntityKind]?: string };
