/** The sources that speak HTTP on the main port, one line each. OTLP has ports of its own. */
import type { Source } from '../source.ts';
import { alertmanager } from './alertmanager/index.ts';
import { cloudevents } from './cloudevents/index.ts';
import { otlp } from './otlp/index.ts';
import { pagerduty } from './pagerduty/index.ts';

export const sources: readonly Source[] = [otlp, alertmanager, pagerduty, cloudevents];
