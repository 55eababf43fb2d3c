/** The test that the console sends: an alert by the door of the source `json`, in an environment of its own, so that each page of it is marked. */
import { testEnvironment } from '@faultline/model';

/** `id`: makes the test a thing of its own, so that two tests are two incidents. */
export function testAlertBody(id: string, actor: string): string {
  return JSON.stringify({
    alerts: [
      {
        name: 'Faultline test alert',
        key: `faultline-test-${id}`,
        severity: 'critical',
        service: `faultline-test-${id}`,
        environment: testEnvironment,
        summary: `Test sent from the sources page${actor === '' ? '' : ` by ${actor}`}. Nothing is wrong; it ends by itself.`,
      },
    ],
  });
}
