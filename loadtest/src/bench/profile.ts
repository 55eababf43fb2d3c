/**
 * Where the processor time goes, by stage, for a system of 60 services: *steady* (as its agents send), *catch-up* (all
 * at once) and *full speed* (all at once in a collector's large requests). An alert comes in
 * the middle of each. Takes about eight minutes.
 *
 * `npm run bench -- profile [--seconds N] [--loads steady,catch-up,full-speed] [--no-views]`. `--no-views` leaves out
 * the run without views; then `views` is 0 and `insert` holds both.
 */
import { parseArgs } from 'node:util';
import { sleep } from '@faultline/runtime';
import type { Measured } from '../profile/child.ts';
import { type FaultlineChild, startFaultlineChild } from '../profile/faultline-child.ts';
import { type CompressedRequest, compressed, sendAlert, sendAll, sendInTime } from '../profile/send.ts';
import { collectorItems, drawSystemLoad } from '../profile/system-load.ts';
import { type LoadProfile, profileOf, tableText, writingUs } from '../profile/table.ts';

const loads = ['steady', 'catch-up', 'full-speed'] as const;
type LoadName = (typeof loads)[number];

const agents = 8;
const pollMs = 250;
/** Trace sessions close ten seconds after their last span; then their windows are written. */
const settleMs = 13_000;

/** Prints one JSON line with the raw numbers, then a table. */
export async function run(): Promise<{ readonly profiles: readonly LoadProfile[] }> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      seconds: { type: 'string', default: '300' },
      loads: { type: 'string', default: loads.join(',') },
      'no-views': { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  const chosen = loads.filter((load) => values.loads.split(',').includes(load));
  const viewShare = values['no-views'] ? 0 : await measureViewShare(seconds);
  const profiles: LoadProfile[] = [];
  for (const load of chosen) {
    const { measured, requests } = await measure(load, seconds, true);
    const items = requests.reduce((sum, request) => sum + request.items, 0);
    profiles.push(profileOf({ load, items, requests: requests.length }, measured, viewShare));
  }
  console.log(JSON.stringify({ seconds, viewShare, profiles }));
  console.log(tableText(profiles));
  return { profiles };
}

async function measureViewShare(seconds: number): Promise<number> {
  const without = await measure('catch-up', seconds, false);
  const all = await measure('catch-up', seconds, true);
  return Math.max(0, 1 - writingUs(without.measured) / writingUs(all.measured));
}

async function measure(
  load: LoadName,
  seconds: number,
  withViews: boolean,
): Promise<{ measured: Measured; requests: readonly CompressedRequest[] }> {
  const child = await startFaultlineChild({ withViews });
  try {
    const { service, requests } = loadOf(load, seconds);
    const middle = requests.length >> 1;
    await child.begin();
    await sendPart(load, child.otlp, requests.slice(0, middle));
    await sendAlert(child.http, service);
    await sendPart(load, child.otlp, requests.slice(middle));
    await untilRecorded(child);
    await sleep(settleMs);
    await untilRecorded(child);
    return { measured: await child.end(), requests };
  } finally {
    await child.stop();
  }
}

async function sendPart(load: LoadName, otlp: string, requests: readonly CompressedRequest[]): Promise<void> {
  if (load === 'steady') await sendInTime(otlp, requests, requests[0]?.dueMs ?? 0);
  else await sendAll(otlp, requests, agents);
}

/** Steady telemetry carries the time at which it is sent; otherwise it ends now. */
function loadOf(load: LoadName, seconds: number): { service: string; requests: CompressedRequest[] } {
  const endMs = load === 'steady' ? Date.now() + seconds * 1_000 : Date.now();
  const drawn = drawSystemLoad(seconds, endMs, load === 'full-speed' ? collectorItems : undefined);
  return { service: drawn.service, requests: compressed(drawn.requests) };
}

async function untilRecorded(child: FaultlineChild): Promise<void> {
  while ((await child.unread()) > 0) await sleep(pollMs);
}
