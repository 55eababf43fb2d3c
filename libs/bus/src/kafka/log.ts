import type { Logger } from '@faultline/runtime';
import type { KafkajsLogger } from './kafkajs.ts';

/**
 * Passes kafkajs's log lines to our logger at debug level. Every failure also reaches us as an error, which the caller
 * logs. Only two extra fields are kept, because the others may hold whole responses.
 */
export function kafkajsLogger(logger: Logger, name = 'kafkajs'): KafkajsLogger {
  const write = (message: string, extra: object = {}) => {
    const { broker, error } = extra as { broker?: unknown; error?: unknown };
    logger.debug(message, {
      part: name,
      ...(typeof broker === 'string' ? { broker } : {}),
      ...(typeof error === 'string' ? { error } : {}),
    });
  };
  const quiet = () => {};
  return {
    info: write,
    error: write,
    warn: write,
    // One line for each request, useful only to developers of kafkajs.
    debug: quiet,
    namespace: (inner) => kafkajsLogger(logger, inner),
    setLogLevel: quiet,
  };
}
