/** Encodes alerts as Alertmanager's webhook. */

/** The parts of an alert that its sender reports. Times in epoch ms. */
export interface AlertToSend {
  readonly name: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly atMs: number;
  /** Null while it fires. */
  readonly endMs: number | null;
}

export type Transition = 'firing' | 'resolved';

/** Version 4 of the webhook, for one transition of one alert. `shiftMs` moves all times. */
export function alertmanagerWebhook(alert: AlertToSend, status: Transition, shiftMs: number): object {
  const time = (ms: number): string => new Date(ms + shiftMs).toISOString();
  return {
    version: '4',
    groupKey: `{}:{alertname="${alert.name}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'faultline',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: [
      {
        status,
        labels: labelsOf(alert),
        annotations: { summary: alert.summary },
        startsAt: time(alert.atMs),
        endsAt: status === 'resolved' && alert.endMs !== null ? time(alert.endMs) : '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: '',
      },
    ],
  };
}

/** All labels, as a rule's alert has them. */
export function labelsOf({ name, severity, labels }: AlertToSend): Record<string, string> {
  return { alertname: name, severity, ...labels };
}
