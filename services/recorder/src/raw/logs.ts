import { type LogBlock, logTemplate } from '@faultline/model';
import type { LogRow } from '@faultline/store';
import { mapItems } from './sender.ts';

/** One row per log line. */
export function logRows(block: LogBlock): LogRow[] {
  return mapItems(block, (log, resource, { columns }) => ({
    ...columns,
    Timestamp: log.timeNs,
    TraceId: log.traceId,
    SpanId: log.spanId,
    TraceFlags: 0,
    SeverityText: log.severityText,
    SeverityNumber: log.severityNumber,
    Body: log.body,
    ResourceAttributes: resource.attributes,
    ScopeName: resource.scopeName,
    ScopeVersion: resource.scopeVersion,
    LogAttributes: log.attributes,
    Template: logTemplate(log.body).id,
  }));
}
