/** Numbers and times as a page shows them. */

/** `82 %`. A probability is never `0 %` or `100 %`: nothing is certain, and nothing is excluded. */
export function percent(share: number): string {
  if (share < 0.01) return '<1 %';
  if (share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** `14:02 UTC`, in that time zone. */
export function clockTime(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
  return format.format(atMs);
}

/** As `clockTime`, with the date when it is not the day of `dayOfMs`: `28 Feb, 11:58 UTC`, `28 Feb 2025, 11:58 UTC`. */
export function momentTime(atMs: number, dayOfMs: number, timeZone: string): string {
  const dateOf = (ms: number) =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(ms);
  const [date, today] = [dateOf(atMs), dateOf(dayOfMs)];
  if (date === today) return clockTime(atMs, timeZone);
  const year = today.slice(today.lastIndexOf(' '));
  return `${date.endsWith(year) ? date.slice(0, -year.length) : date}, ${clockTime(atMs, timeZone)}`;
}

/** `3 Nov`, with the year when it is not that of `nowMs`. */
export function dateText(atMs: number, nowMs: number, timeZone: string): string {
  const dateOf = (ms: number) =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(ms);
  const date = dateOf(atMs);
  const year = dateOf(nowMs).slice(-5);
  return date.endsWith(year) ? date.slice(0, -year.length) : date;
}

/** The time between two moments: `3 min`, `2 h 5 min`, `40 s`, `270 d`. Zero when the second comes first. */
export function duration(fromMs: number, toMs: number): string {
  const seconds = Math.max(0, Math.round((toMs - fromMs) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= longMinutes) return `${Math.round(minutes / dayMinutes)} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const dayMinutes = 24 * 60;
/** From here on, hours say no more than days. */
const longMinutes = 2 * dayMinutes;

/** One line of at most `maxChars` characters, cut at the end. Control characters and line breaks become spaces. */
export function oneLine(text: string, maxChars: number): string {
  const flat = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const chars = [...flat];
  return chars.length <= maxChars
    ? flat
    : `${chars
        .slice(0, maxChars - 1)
        .join('')
        .trimEnd()}…`;
}

/** `a, b, c and 9 more` */
export function listed(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length <= most ? shown : `${shown} and ${items.length - most} more`;
}

/** `1 alert`, `40 alerts` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
