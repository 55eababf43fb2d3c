import { describe, expect, it } from 'vitest';
import type { Component } from './component.ts';
import { startOne, startWith } from './lifecycle.ts';
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

/** Starts components one after another and returns their values. */
function startEach(parts: readonly { readonly name: string; readonly component: Component<unknown> }[], how = options) {
  return startWith(async (stack) => {
    const values: unknown[] = [];
    for (const { name, component } of parts) values.push(await startOne(stack, name, component));
    return values;
  }, how);
}

describe('startWith', () => {
  it('stops last in, first out, and once', async () => {
    const { events, part } = scripted();
    const started = await startEach([part('bus'), part('store'), part('http')]);
    expect(started.value).toEqual(['bus', 'store', 'http']);
    await Promise.all([started.stop(), started.stop()]);
    await started.stop();
    expect(events.slice(3)).toEqual(['stop http', 'stop store', 'stop bus']);
  });

  it('a start that fails stops what was started, and the error names the component', async () => {
    const { events, part } = scripted();
    await expect(
      startEach([part('bus'), part('store', { start: new Error('locked') }), part('http')]),
    ).rejects.toMatchObject({
      code: 'RUNTIME_START_FAILED',
      message: 'store: locked',
    });
    expect(events).toEqual(['start bus', 'stop bus']);
  });

  it('a stop that fails does not prevent the other stops, and the error names all failures', async () => {
    const { events, part } = scripted();
    const started = await startEach([
      part('bus', { stop: new Error('one') }),
      part('store'),
      part('http', { stop: new Error('two') }),
    ]);
    await expect(started.stop()).rejects.toMatchObject({ code: 'RUNTIME_STOP_FAILED', message: 'http: two; bus: one' });
    expect(events).toContain('stop store');
  });

  it('the deadline is for all stops: a stop that hangs is abandoned, the rest are begun', async () => {
    const { events, part } = scripted();
    const hanging = {
      name: 'slow',
      component: { start: async () => ({ value: 0, stop: () => new Promise<void>(() => {}) }) },
    };
    const started = await startEach([part('bus'), hanging], { logger: silentLogger, deadlineMs: 5 });
    await expect(started.stop()).rejects.toThrow('slow: not within 5 ms; bus: not within 5 ms');
    expect(events).toEqual(['start bus', 'stop bus']);
  });
});
