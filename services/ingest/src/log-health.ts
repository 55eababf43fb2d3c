/** Health of ingest: whether the log takes records. While it does not, it is asked again, since senders may have gone. */
import type { Bus } from '@faultline/bus';
import type { Health } from '@faultline/runtime';

export interface LogHealthOptions {
  readonly health: Health;
  /** What health says while all is well. */
  readonly detail: () => string;
  readonly ping: Bus['ping'];
  /** Default: 5 s. */
  readonly everyMs?: number;
}

export interface LogHealth {
  /** Called after each write to the log. */
  takes(ok: boolean): void;
  stop(): void;
}

export function createLogHealth({ health, detail, ping, everyMs = 5_000 }: LogHealthOptions): LogHealth {
  let timer: NodeJS.Timeout | null = null;
  const end = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const takes = (ok: boolean) => {
    health.set('ingest', { ok, detail: ok ? detail() : 'the log takes no records: see its part' });
    if (ok) end();
    else timer ??= setInterval(ask, everyMs).unref();
  };
  const ask = () =>
    void ping().then(
      () => timer !== null && takes(true),
      () => {},
    );
  return {
    takes,
    stop: () => {
      end();
      health.remove('ingest');
    },
  };
}
