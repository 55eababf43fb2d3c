/**
 * The notifier: sends one page for each incident and keeps it up to date by edits. It decides what goes to which channel and when. It never
 * decides what an incident is.
 */
export type { Channel } from './channel.ts';
export { notifierConfig } from './config.ts';
export { notifierErrors } from './errors.ts';
export { createNotifier } from './notifier.ts';
export { type OnCallNow, readOnCall } from './on-call/roster.ts';
export { previewRoute, type RoutePreview } from './preview.ts';
