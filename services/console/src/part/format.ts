/** Numbers and times as the console shows them. Pure: callers pass the current time. */

import type { Incident } from '../api/types.ts';

/** `just now`, `40 s ago`, `14 min ago`, `3 h 20 min ago`, `2 days ago`. */
export function ago(time: string, nowMs: number): string {
  const text = duration(nowMs - Date.parse(time));
  return text === '' ? 'just now' : `${text} ago`;
}

/** `40 s`, `14 min`, `3 h 20 min`, `2 days`. Empty under five seconds. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 5) return '';
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Local time of day, `02:17:05`. */
export function timeOfDay(time: string): string {
  return clock.format(Date.parse(time));
}

/** Local day and time, `1 Mar, 02:17`. */
export function dayTime(time: string): string {
  return dayAndClock.format(Date.parse(time));
}

/** `82 %`. Never `0 %` or `100 %` for a share that only rounds to it. */
export function percent(ratio: number): string {
  if (ratio > 0 && ratio < 0.01) return '<1 %';
  if (ratio < 1 && ratio > 0.99) return '>99 %';
  return `${Math.round(ratio * 100)} %`;
}

/** `412 ms`, `1.9 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** `1 alert`, `40 alerts`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-GB')} ${noun}${number === 1 ? '' : 's'}`;
}

/** Writes ` -> ` as one character, which no line break can split. */
export function withArrows(text: string): string {
  return text.replaceAll(' -> ', ' → ');
}

/** `service:orders` reads `orders`, `edge:a -> b` reads `a → b`; `pod:orders-1` stays. */
export function entityName(entity: string): string {
  return withArrows(entity.replace(/^(service|edge):/, ''));
}

/** `production`, `production, staging`. Empty when none is known. */
export function environmentsText({ environments, scope }: Pick<Incident, 'environments' | 'scope'>): string {
  return environments.length > 0 ? environments.join(', ') : (scope?.environment ?? '');
}
