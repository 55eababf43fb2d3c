/** On-call shifts from PagerDuty and Opsgenie, by their APIs. */
import { type CallJson, isObject, listField, textField } from '../channels/json-call.ts';
import type { Range, Shift } from './shift.ts';

export interface VendorSchedule {
  readonly apiUrl: string;
  readonly key: string;
  /** Id of the schedule; for Opsgenie also its name. */
  readonly schedule: string;
}

const pageSize = 100;
/** A schedule of two weeks with hourly shifts has fewer. */
const maxPages = 10;

/**
 * The final shifts of a schedule, with overrides. https://developer.pagerduty.com/api-reference, "List all of the on-calls". Throws ChannelError.
 */
export async function readPagerduty(
  { apiUrl, key, schedule }: VendorSchedule,
  call: CallJson,
  { fromMs, untilMs }: Range,
  signal: AbortSignal,
): Promise<readonly Shift[]> {
  const headers = { authorization: `Token token=${key}`, accept: 'application/vnd.pagerduty+json;version=2' };
  const shifts: Shift[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const query = new URLSearchParams([
      ['schedule_ids[]', schedule],
      ['include[]', 'users'],
      ['since', new Date(fromMs).toISOString()],
      ['until', new Date(untilMs).toISOString()],
      ['limit', String(pageSize)],
      ['offset', String(page * pageSize)],
    ]);
    const answer = await call({ method: 'GET', url: `${baseOf(apiUrl)}/oncalls?${query}`, headers }, signal);
    shifts.push(...listField(answer, 'oncalls').flatMap((one) => pagerdutyShift(one, { fromMs, untilMs })));
    if (answer['more'] !== true) break;
  }
  return shifts;
}

/** A person who is always on call has no start and no end. */
function pagerdutyShift(oncall: Readonly<Record<string, unknown>>, range: Range): readonly Shift[] {
  const user = oncall['user'];
  const name = textField(user, 'name') || textField(user, 'summary');
  if (name === '') return [];
  const person = { name, contact: textField(user, 'email') };
  return [
    {
      fromMs: timeOf(textField(oncall, 'start'), range.fromMs),
      untilMs: timeOf(textField(oncall, 'end'), range.untilMs),
      person,
      rank: 0,
    },
  ];
}

const weekMs = 7 * 86_400_000;

/** The final timeline of a schedule, with overrides. https://docs.opsgenie.com/docs/schedule-api, "Get Schedule Timeline". Throws ChannelError. */
export async function readOpsgenie(
  { apiUrl, key, schedule }: VendorSchedule,
  call: CallJson,
  { fromMs, untilMs }: Range,
  signal: AbortSignal,
): Promise<readonly Shift[]> {
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(schedule);
  const query = new URLSearchParams({
    identifierType: isId ? 'id' : 'name',
    date: new Date(fromMs).toISOString(),
    interval: String(Math.ceil((untilMs - fromMs) / weekMs)),
    intervalUnit: 'weeks',
  });
  const url = `${baseOf(apiUrl)}/v2/schedules/${encodeURIComponent(schedule)}/timeline?${query}`;
  const answer = await call({ method: 'GET', url, headers: { authorization: `GenieKey ${key}` } }, signal);
  const data = answer['data'];
  const timeline = isObject(data) ? data['finalTimeline'] : undefined;
  return listField(timeline, 'rotations').flatMap((rotation) => listField(rotation, 'periods').flatMap(opsgenieShift));
}

/** A period of nobody has no recipient. The recipient's name is the mail address. */
function opsgenieShift(period: Readonly<Record<string, unknown>>): readonly Shift[] {
  const name = textField(period['recipient'], 'name');
  const fromMs = Date.parse(textField(period, 'startDate'));
  const untilMs = Date.parse(textField(period, 'endDate'));
  if (name === '' || Number.isNaN(fromMs) || Number.isNaN(untilMs)) return [];
  return [{ fromMs, untilMs, person: { name, contact: name.includes('@') ? name : '' }, rank: 0 }];
}

function timeOf(text: string, otherwiseMs: number): number {
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? otherwiseMs : timeMs;
}

function baseOf(url: string): string {
  return url.replace(/\/$/, '');
}
