/** All sources. OTLP has its own ports; the others share the main HTTP port. */
import type { IngestConfig } from '../config.ts';
import type { Source } from '../source.ts';
import { defineMapping, type SourceDefinition } from '../source-definition.ts';
import { alertmanager } from './alertmanager/index.ts';
import { cloudevents } from './cloudevents/index.ts';
import { cloudwatch } from './cloudwatch/index.ts';
import { grafana } from './grafana/index.ts';
import { mappedSources } from './mapped.ts';
import { opsgenie } from './opsgenie/index.ts';
import { otlp } from './otlp/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { prometheusRemoteWrite } from './prometheus-remote-write/index.ts';

/** The sources with a declaration, which have a page in docs/sources. */
export const declaredSources: readonly SourceDefinition[] = [
  alertmanager,
  grafana,
  pagerduty,
  opsgenie,
  cloudwatch,
  cloudevents,
  prometheusRemoteWrite,
  ...mappedSources,
];

export const sources: readonly Source[] = [otlp, ...declaredSources];

/** The sources of the main HTTP port with the mappings of the configuration: new ones, and other expressions of built-in ones. */
export function sourcesOf({ mappings }: Pick<IngestConfig, 'mappings'>): readonly SourceDefinition[] {
  const expressionOf = new Map(mappings.map(({ name, expression }) => [name, expression]));
  const builtIn = declaredSources.map((source) => {
    const expression = expressionOf.get(source.name);
    return expression === undefined || source.expression === undefined ? source : withExpression(source, expression);
  });
  const isNew = (name: string) => declaredSources.every((source) => source.name !== name);
  return [...builtIn, ...mappings.filter(({ name }) => isNew(name)).map(ownSource)];
}

/** Another expression may read another body, so nothing is required of it. Whether bodies may hold secrets stays as it is. */
function withExpression({ required: _required, ...source }: SourceDefinition, expression: string): SourceDefinition {
  const [route] = source.routes;
  const { path, signature, tokenPlaces, keepsBody } = route ?? {};
  return defineMapping({
    ...source,
    expression,
    ...(path === undefined ? {} : { path }),
    ...(signature === undefined ? {} : { signature }),
    ...(tokenPlaces === undefined ? {} : { tokenPlaces }),
    ...(keepsBody === undefined ? {} : { keepsBody }),
  });
}

function ownSource({ name, expression }: IngestConfig['mappings'][number]): SourceDefinition {
  const docs = { summary: 'A source of the configuration.', setup: [], reads: [], ignores: [] };
  return defineMapping({ name, title: name, kinds: ['alerts', 'changes'], docs, expression });
}
