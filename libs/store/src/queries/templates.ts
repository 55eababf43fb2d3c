import type { TemplateRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type AskedSlices, type KeyResult, sliceSumsStatement, toSliceRows } from './by-key.ts';
import type { Budget } from './statement.ts';

/** OpenTelemetry's number of ERROR. */
const errorSeverity = 17;
const sums = { severityNumber: 'max(SeverityNumber)', lines: 'sum(Lines)', spans: 'sum(Spans)' };

/** `TemplateRow`s by key. Templates of errors first, however rare, then those with most lines. */
export function templatesStatement(question: AskedSlices, budget: Budget): Statement {
  return sliceSumsStatement(
    question,
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
  question: AskedSlices,
  budget: Budget,
): Promise<readonly TemplateRow[]> {
  return toSliceRows(await engine.select<KeyResult>(templatesStatement(question, budget)), sums);
}
