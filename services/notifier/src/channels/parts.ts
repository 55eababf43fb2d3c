import type { Clock } from '@faultline/runtime';
import type { HttpClient } from './http-client.ts';

/** What a channel may use beyond its configuration. */
export interface ChannelParts {
  readonly clock: Clock;
  readonly http: HttpClient;
  /** Receives what the console channel prints. */
  readonly write: (text: string) => void;
  /** Logs a problem that kept no page from being sent. */
  readonly warn: (message: string) => void;
}
