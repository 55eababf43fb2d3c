/** Keeps the shifts of all schedules, and reads them again now and then. A schedule that cannot be read keeps its last shifts. */
import { readFile } from 'node:fs/promises';
import { type Clock, sleep } from '@faultline/runtime';
import { classifyStatus, createHttpClient, type HttpClient, type ProxyOptions } from '../channels/http-client.ts';
import { createCallJson } from '../channels/json-call.ts';
import type { ScheduleConfig } from './config.ts';
import { readCalendar } from './ical.ts';
import { readScheduleFile } from './schedule-file.ts';
import { checkCount, nextChangeMs, type Person, peopleAt, type Range, type Shift } from './shift.ts';
import { readOpsgenie, readPagerduty } from './vendor.ts';

/** Who is on call by one schedule. */
export interface OnCallNow {
  readonly schedule: string;
  readonly people: readonly Person[];
  /** When that changes. Null: not known. */
  readonly untilMs: number | null;
  /** Why the schedule could not be read the last time. Empty: it could. */
  readonly problem: string;
}

export interface RosterOptions {
  readonly schedules: readonly ScheduleConfig[];
  readonly http: HttpClient;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
/** An incident may be older than a week, but who was on call for its first page is then no news. */
const pastMs = 7 * dayMs;
const futureMs = 14 * dayMs;
/** Hourly shifts of three weeks with their users. */
const maxBodyBytes = 4 * 1024 * 1024;

export class Roster {
  readonly #options: RosterOptions;
  readonly #shifts = new Map<string, readonly Shift[]>();
  readonly #problems = new Map<string, string>();

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** The people on call by a schedule. Empty: nobody, or it is not known. */
  peopleAt(schedule: string, atMs: number): readonly Person[] {
    return peopleAt(this.#shifts.get(schedule) ?? [], atMs);
  }

  now(atMs: number): readonly OnCallNow[] {
    return this.#options.schedules.map(({ name: schedule }) => ({
      schedule,
      people: this.peopleAt(schedule, atMs),
      untilMs: nextChangeMs(this.#shifts.get(schedule) ?? [], atMs),
      problem: this.#problems.get(schedule) ?? '',
    }));
  }

  /** Reads all schedules, each by itself. Returns what is wrong with those that cannot be read. Never rejects. */
  async refresh(signal: AbortSignal): Promise<readonly string[]> {
    const nowMs = this.#options.clock();
    const range = { fromMs: nowMs - pastMs, untilMs: nowMs + futureMs };
    await Promise.all(this.#options.schedules.map((schedule) => this.#read(schedule, range, signal)));
    return [...this.#problems].map(([name, problem]) => `${name}: ${problem}`);
  }

  /** Refreshes until the signal is aborted. */
  async run(everyMs: number, report: (problems: readonly string[]) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(everyMs, signal);
      if (!signal.aborted) report(await this.refresh(signal));
    }
  }

  async #read(schedule: ScheduleConfig, range: Range, signal: AbortSignal): Promise<void> {
    try {
      const shifts = await readShifts(schedule, this.#options.http, range, signal);
      checkCount(shifts);
      this.#shifts.set(schedule.name, shifts);
      this.#problems.delete(schedule.name);
    } catch (error) {
      this.#problems.set(schedule.name, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Who is on call now by the configured schedules, and what is wrong with those that cannot be read. */
export async function readOnCall(
  config: ProxyOptions & { readonly schedules: readonly ScheduleConfig[] },
  clock: Clock,
): Promise<{ readonly schedules: readonly OnCallNow[]; readonly problems: readonly string[] }> {
  const roster = new Roster({ schedules: config.schedules, http: createHttpClient(config), clock });
  const problems = await roster.refresh(new AbortController().signal);
  return { schedules: roster.now(clock()), problems };
}

/** Throws a ChannelError, an error of the file system, or one with a text for people. */
async function readShifts(
  config: ScheduleConfig,
  http: HttpClient,
  range: Range,
  signal: AbortSignal,
): Promise<readonly Shift[]> {
  if (config.type === 'file')
    return readScheduleFile(await readFile(config.path, 'utf8'), config.schedule ?? config.name, range);
  if (config.type === 'ical') return readCalendar(await calendarText(config, http, signal), config.summary, range);
  const call = createCallJson({ http, timeoutMs: config.timeoutMs, maxBodyBytes });
  const { apiUrl, schedule } = config;
  const read = config.type === 'pagerduty' ? readPagerduty : readOpsgenie;
  return read({ apiUrl, schedule, key: config.apiKey.reveal() }, call, range, signal);
}

async function calendarText(
  { path, url, timeoutMs }: Extract<ScheduleConfig, { type: 'ical' }>,
  http: HttpClient,
  signal: AbortSignal,
): Promise<string> {
  if (path !== null) return readFile(path, 'utf8');
  const address = url?.reveal() ?? '';
  const answer = await http.request({
    method: 'GET',
    url: address,
    headers: { accept: 'text/calendar' },
    body: '',
    timeoutMs,
    maxBodyBytes,
    allowLinkLocal: false,
    signal,
  });
  const error = classifyStatus(new URL(address).host, answer);
  if (error !== null) throw error;
  return answer.body;
}
