/**
 * PagerDuty's Events API, so that anything that can page PagerDuty can page Faultline, and PagerDuty's own webhooks. The routing key is a credential: with authentication on it
 * is the sender's token. It is never stored or printed.
 */
import type { Source } from '../../source.ts';
import { changeEnqueue } from './change-enqueue.ts';
import { createEvent, enqueue } from './enqueue.ts';
import { webhook } from './webhook.ts';

export const pagerduty: Source = { name: 'pagerduty', routes: [enqueue, createEvent, changeEnqueue, webhook] };
