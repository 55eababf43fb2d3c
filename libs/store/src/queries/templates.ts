import type { TemplateRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, type SliceQuery, sliceSumsStatement, toSliceRows } from './by-key.ts';
import type { Budget } from './statement.ts';

/** The severity number of ERROR in OpenTelemetry. */
const errorSeverity = 17;
const sums = { severityNumber: 'max(SeverityNumber)', lines: 'sum(Lines)', spans: 'sum(Spans)' };

/** `TemplateRow`s by key. Templates of errors first, however rare, then those with most lines. */
export function templatesStatement(query: SliceQuery, budget: Budget): Statement {
  return sliceSumsStatement(
    query,
    {
      table: 'template_windows',
      columns: ['Service', 'Instance', 'Operation', 'Template', 'Text', 'SeverityNumber', 'Lines', 'Spans'],
      key: { service: 'Service', instance: 'Instance', operation: 'Operation', template: 'Template' },
      shared: { text: 'max(Text)' },
      sums,
      order: [`max(severityNumber) >= ${errorSeverity} DESC`, 'sum(lines) DESC'],
      isAround: 'Service IN {services:Array(String)}',
    },
    budget,
  );
}

export async function readTemplates(
  engine: Pick<Engine, 'select'>,
  query: SliceQuery,
  budget: Budget,
): Promise<readonly TemplateRow[]> {
  return toSliceRows(await engine.select<KeyResult>(templatesStatement(query, budget)), sums);
}
