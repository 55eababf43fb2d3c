/**
 * The notifier: acts on incidents by telling channels, each page once and then by edits. It decides what is told to whom and when; it never
 * decides what an incident is.
 */
export type { Channel, ChannelCapabilities, ChannelMessage, Note, Receipt } from './channel.ts';
export { type NotifierConfig, notifierConfig } from './config.ts';
export { ChannelError, type NotifierErrorCode, notifierErrors } from './errors.ts';
export { createNotifier, type NotifierOptions } from './notifier.ts';
export { type Page, type PageOptions, renderPage } from './page/page.ts';
export { pageText } from './page/text.ts';
