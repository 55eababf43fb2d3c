import { emptyEvidenceRows } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportOf } from '../testing/export-of.ts';
import {
  alert,
  alertRecord,
  createHarness,
  type Harness,
  revisions,
  scope,
  startMs,
  until,
} from '../testing/harness.ts';
import { completeExport, replayExport } from './export.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness();
  // Large enough for the journal to compress it, and to cut it in parts.
  harness.answer = async (query) => ({
    ...emptyEvidenceRows,
    slices: query.slices,
    templates: Array.from({ length: 3000 }, (_, n) => ({
      slice: 1,
      service: 'checkout',
      instance: `i${(n * 7919) % 1009}`,
      operation: `op${(n * 104729) % 1013}`,
      template: String((n * 15485863) % 10007),
      text: 'x',
      severityNumber: 9,
      lines: n,
      spans: 1,
    })),
  });
});
afterEach(() => harness.close());

async function playIncident(service: string, tenant: string): Promise<string> {
  const before = (await revisions(harness.bus)).length;
  await harness.bus.publish([alertRecord(alert(service, { scope: { ...scope, tenant }, startsAtMs: harness.nowMs }))]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.length > before,
  );
  return (
    all.find(({ scope: own, alerts }) => own.tenant === tenant && alerts[0]?.labels['service'] === service)?.id ?? ''
  );
}

it('an incident goes into one file and comes out the same, to the byte', async () => {
  const running = await harness.start();
  await playIncident('mail', 'other');
  const id = await playIncident('checkout', scope.tenant);
  await harness.bus.publish([alertRecord(alert('checkout', { name: 'Errors' }))]);
  await until(
    () => revisions(harness.bus),
    (all) => all.length >= 2,
  );
  harness.nowMs = startMs + 2000;
  await until(
    () => revisions(harness.bus),
    (all) => all.some((incident) => incident.alertCount === 2),
  );
  await running.stop();
  const file = await exportOf(harness.bus, id);
  const report = replayExport(file);
  expect(report).toMatchObject({ same: true });
  expect(report.lines.length).toBeGreaterThanOrEqual(2);
  expect(file).not.toContain('mail');
});

it('a file whose decisions come out otherwise is told', async () => {
  const running = await harness.start();
  const id = await playIncident('checkout', scope.tenant);
  await running.stop();
  const file = await exportOf(harness.bus, id);
  const report = replayExport(file.replaceAll('"severity":"critical"', '"severity":"warning"'));
  expect(report.same).toBe(false);
  expect(report.lines[0]).toMatch(/^DIFFERS/);
});

it('an incident that the journal does not lead to, and a file cut off, are told', async () => {
  expect(replayExport(await exportOf(harness.bus, 'nobody'))).toEqual({ lines: [], same: false });
  const head = '{"kind":"faultline-journal","version":1,"incidentId":"x"}';
  expect(() => replayExport(head)).toThrow(/cut off/);
  expect(() => replayExport('hello')).toThrow(/not JSON/);
});

it('a revision that the log held no more is filled in, and one that was lost is told', async () => {
  const running = await harness.start();
  const id = await playIncident('checkout', scope.tenant);
  await running.stop();
  const lines = (await exportOf(harness.bus, id)).trimEnd().split('\n');
  const withRevisions = (revisions: readonly object[]) =>
    [...lines.slice(0, -1), JSON.stringify({ kind: 'revisions', revisions })].join('\n');
  const unknown = withRevisions([]);
  expect(replayExport(unknown)).toMatchObject({ same: false, lines: [expect.stringMatching(/^replayed /)] });
  expect(replayExport(completeExport(unknown))).toMatchObject({ same: true, lines: [expect.stringMatching(/^same /)] });
  const lost = withRevisions([{ incidentId: id, revision: 7, hash: 'x' }]);
  expect(replayExport(lost).lines).toContain(`LOST ${id} r7`);
});
