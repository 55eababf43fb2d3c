import type { IncidentAlert } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { storeError } from '../translate-error.ts';
import { type Page, type PageRequest, pageSize, pageToken, parsePageToken, toPage } from './page.ts';
import { type Budget, bounded } from './statement.ts';

export interface IncidentAlertsRequest {
  readonly tenant: string;
  readonly incidentId: string;
}

/** The members of one incident that did not leave it, each in its latest revision, by start. */
export function incidentAlertsStatement(
  { tenant, incidentId }: IncidentAlertsRequest,
  page: PageRequest,
  budget: Budget,
): Statement {
  const after = page.token === null ? null : parsePageToken(page.token);
  if (page.token !== null && after === null) throw storeError('STORE_BAD_PAGE_TOKEN', 'permanent');
  const place = 'startsAtMs, source, fingerprint';
  return bounded(
    `SELECT
    Fingerprint AS fingerprint,
    Name AS name,
    Status AS status,
    Severity AS severity,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    Labels AS labels,
    Entity AS entity,
    Reason AS reason,
    Source AS source,
    Url AS url,
    Kind AS kind,
    NamedEnvironment AS environment
FROM
(
    SELECT *
    FROM incident_alerts FINAL
    WHERE Tenant = {tenant:String} AND IncidentId = {incidentId:String}
    ORDER BY Source, Fingerprint, Revision DESC, StartsAt
    LIMIT 1 BY Source, Fingerprint
)
WHERE Membership != 'left'${after === null ? '' : ` AND (${place}) > ({afterMs:Int64}, {afterSource:String}, {afterFingerprint:String})`}
ORDER BY ${place}
LIMIT {limit:UInt32}`,
    {
      tenant,
      incidentId,
      limit: pageSize(page) + 1,
      ...(after === null
        ? {}
        : { afterMs: after.atMs, afterSource: after.key[0] ?? '', afterFingerprint: after.key[1] ?? '' }),
    },
    budget,
  );
}

export async function listIncidentAlerts(
  engine: Pick<Engine, 'select'>,
  request: IncidentAlertsRequest,
  page: PageRequest,
  budget: Budget,
): Promise<Page<IncidentAlert>> {
  const rows = await engine.select<IncidentAlert>(incidentAlertsStatement(request, page, budget));
  return toPage(
    rows,
    pageSize(page),
    ({ startsAtMs, source, fingerprint }) => pageToken(startsAtMs, source, fingerprint),
    (row) => row,
  );
}
