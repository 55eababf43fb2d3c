/**
 * Encodes alerts as the PagerDuty events that Alertmanager and Grafana send when nobody configures the body. All labels are in one text of
 * `custom_details`. The other fields name the sender, not the service.
 *
 * The default bodies have no `timestamp`, because they arrive when the alert fires. An evaluation sends all alerts at the end of the case, so it
 * adds the time.
 */
import { createHash } from 'node:crypto';
import { type AlertToSend, labelsOf, type Transition } from './alertmanager.ts';

/** Alertmanager's template `pagerduty.default.instances`, with the defaults of its `pagerduty_configs`. */
export function alertmanagerEvent(alert: AlertToSend, status: Transition, shiftMs: number): object {
  const text = `${labelText(alert)}Annotations:\n - summary = ${alert.summary}\nSource: http://prometheus.example/graph\n`;
  return {
    ...eventOf(alert, status),
    client: 'Alertmanager',
    client_url: 'http://alertmanager.example/#/alerts?receiver=pagerduty',
    payload: {
      summary: titleOf(alert, status),
      source: 'Alertmanager',
      severity: 'error',
      timestamp: timeOf(alert, status, shiftMs),
      custom_details: detailsOf(text, status),
    },
  };
}

/** Grafana's default template, with the defaults of its PagerDuty contact point. */
export function grafanaEvent(alert: AlertToSend, status: Transition, shiftMs: number): object {
  const text = `\nValue: A=1\n${labelText(alert)}Annotations:\n - summary = ${alert.summary}\nSource: http://grafana.example/alerting/grafana/rule/view\n`;
  return {
    ...eventOf(alert, status),
    client: 'Grafana',
    client_url: 'http://grafana.example/',
    payload: {
      summary: titleOf(alert, status),
      source: 'grafana-6b8f9d7c5d-q2x7p',
      severity: 'critical',
      class: 'default',
      component: 'Grafana',
      group: 'default',
      timestamp: timeOf(alert, status, shiftMs),
      custom_details: detailsOf(text, status),
    },
    links: [{ href: 'http://grafana.example/', text: 'External URL' }],
  };
}

function eventOf(alert: AlertToSend, status: Transition): object {
  const key = JSON.stringify(sorted(alert));
  return {
    routing_key: 'routing-key-of-the-simulator',
    event_action: status === 'firing' ? 'trigger' : 'resolve',
    dedup_key: createHash('sha256').update(key).digest('hex'),
  };
}

function sorted(alert: AlertToSend): [string, string][] {
  return Object.entries(labelsOf(alert)).sort(([a], [b]) => (a < b ? -1 : 1));
}

function labelText(alert: AlertToSend): string {
  return `Labels:\n${sorted(alert)
    .map(([name, value]) => ` - ${name} = ${value}\n`)
    .join('')}`;
}

/** With grouping by alert name: `[FIRING:1] NAME (values of the other labels)`. */
function titleOf(alert: AlertToSend, status: Transition): string {
  const others = sorted(alert).filter(([name]) => name !== 'alertname');
  const head = status === 'firing' ? '[FIRING:1]' : '[RESOLVED]';
  return `${head} ${alert.name} (${others.map(([, value]) => value).join(' ')})`;
}

function detailsOf(text: string, status: Transition): object {
  const isFiring = status === 'firing';
  return {
    firing: isFiring ? text : '',
    resolved: isFiring ? '' : text,
    num_firing: isFiring ? '1' : '0',
    num_resolved: isFiring ? '0' : '1',
  };
}

function timeOf({ atMs, endMs }: AlertToSend, status: Transition, shiftMs: number): string {
  return new Date((status === 'firing' ? atMs : (endMs ?? atMs)) + shiftMs).toISOString();
}
