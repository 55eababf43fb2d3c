/** A webhook receiver that records when it first got an alert, and when it first got a cause for it. */
import { createServer } from 'node:http';

export interface Notified {
  readonly incidentId: string;
  /** `performance.now()` of the first page with the alert, and of the first page with hypotheses from evidence. */
  readonly pagedAt: number;
  readonly hypothesisAt: number | null;
  /** Service of the first hypothesis. */
  readonly cause: string | null;
  readonly missingEvidence: readonly string[];
}

interface Page {
  readonly incident: {
    readonly id: string;
    readonly alerts: readonly { readonly fingerprint: string }[];
    /** `pending`: hypotheses rest on the alerts alone. */
    readonly evidenceState: string;
    readonly hypotheses: readonly { readonly cause: { readonly service: string } }[];
    readonly missingEvidence?: readonly string[];
  };
}

export interface HypothesisPager {
  readonly url: string;
  /** By alert fingerprint. */
  readonly notified: ReadonlyMap<string, Notified>;
  close(): void;
}

/** Listens on loopback. */
export async function startHypothesisPager(): Promise<HypothesisPager> {
  const notified = new Map<string, Notified>();
  const record = ({ incident }: Page, now: number): void => {
    const [first] = incident.evidenceState === 'pending' ? [] : incident.hypotheses;
    for (const { fingerprint } of incident.alerts) {
      const known = notified.get(fingerprint);
      if (known !== undefined && (known.hypothesisAt !== null || first === undefined)) continue;
      notified.set(fingerprint, {
        incidentId: incident.id,
        pagedAt: known?.pagedAt ?? now,
        hypothesisAt: first === undefined ? null : now,
        cause: first?.cause.service ?? null,
        missingEvidence: incident.missingEvidence ?? [],
      });
    }
  };
  const server = createServer(async (request, response) => {
    const now = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    record(JSON.parse(Buffer.concat(chunks).toString()) as Page, now);
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, notified, close };
}
