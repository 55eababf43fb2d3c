import { describe, expect, it } from 'vitest';
import type { Component } from './component.ts';
import { startAll } from './lifecycle.ts';
import { silentLogger } from './log.ts';

const options = { logger: silentLogger, deadlineMs: 1000 };

function scripted() {
  const events: string[] = [];
  const part = (name: string, fails: { start?: Error; stop?: Error } = {}) => ({
    name,
    component: {
      async start() {
        if (fails.start) throw fails.start;
        events.push(`start ${name}`);
        return {
          value: name,
          async stop() {
            events.push(`stop ${name}`);
            if (fails.stop) throw fails.stop;
          },
        };
      },
    } satisfies Component<string>,
  });
  return { events, part };
}

describe('startAll', () => {
  it('stops last in, first out, and once', async () => {
    const { events, part } = scripted();
    const started = await startAll([part('bus'), part('store'), part('http')], options);
    expect([...started.value]).toEqual([
      ['bus', 'bus'],
      ['store', 'store'],
      ['http', 'http'],
    ]);
    await Promise.all([started.stop(), started.stop()]);
    await started.stop();
    expect(events.slice(3)).toEqual(['stop http', 'stop store', 'stop bus']);
  });

  it('a start that fails stops what was started and names the component', async () => {
    const { events, part } = scripted();
    await expect(
      startAll([part('bus'), part('store', { start: new Error('locked') }), part('http')], options),
    ).rejects.toMatchObject({
      code: 'RUNTIME_START_FAILED',
      message: 'store: locked',
    });
    expect(events).toEqual(['start bus', 'stop bus']);
  });

  it('a stop that fails does not keep the rest from stopping, and all failures are told', async () => {
    const { events, part } = scripted();
    const started = await startAll(
      [part('bus', { stop: new Error('one') }), part('store'), part('http', { stop: new Error('two') })],
      options,
    );
    await expect(started.stop()).rejects.toMatchObject({ code: 'RUNTIME_STOP_FAILED', message: 'http: two; bus: one' });
    expect(events).toContain('stop store');
  });

  it('the deadline is for all: a stop that hangs is left, the rest are begun', async () => {
    const { events, part } = scripted();
    const hanging = {
      name: 'slow',
      component: { start: async () => ({ value: 0, stop: () => new Promise<void>(() => {}) }) },
    };
    const started = await startAll([part('bus'), hanging], { logger: silentLogger, deadlineMs: 5 });
    await expect(started.stop()).rejects.toThrow('slow: not within 5 ms; bus: not within 5 ms');
    expect(events).toEqual(['start bus', 'stop bus']);
  });
});
