/** All sources, one line each. OTLP has its own ports; the others share the main HTTP port. */
import type { Source } from '../source.ts';
import { alertmanager } from './alertmanager/index.ts';
import { cloudevents } from './cloudevents/index.ts';
import { otlp } from './otlp/index.ts';
import { pagerduty } from './pagerduty/index.ts';

export const sources: readonly Source[] = [otlp, alertmanager, pagerduty, cloudevents];
