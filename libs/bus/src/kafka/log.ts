import type { Logger } from '@faultline/runtime';
import type { KafkajsLogger } from './kafkajs.ts';

/**
 * kafkajs's log in ours: what it tries by itself is detail, as every failure comes to us as an error and is told once, by who
 * decides what to do. Its extra fields may hold whole answers, so only these are kept.
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
    // One line for each request: of use to who works on kafkajs only.
    debug: quiet,
    namespace: (inner) => kafkajsLogger(logger, inner),
    setLogLevel: quiet,
  };
}
