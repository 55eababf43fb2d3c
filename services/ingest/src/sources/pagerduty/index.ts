/**
 * PagerDuty's Events API v2, so that anything that can page PagerDuty can page Faultline. The routing key is a credential: with authentication
 * on it is the sender's token, and it is never kept nor printed.
 */
import type { Source } from '../../source.ts';
import { changeEnqueue } from './change-enqueue.ts';
import { createEvent, enqueue } from './enqueue.ts';

export const pagerduty: Source = { name: 'pagerduty', routes: [enqueue, createEvent, changeEnqueue] };
