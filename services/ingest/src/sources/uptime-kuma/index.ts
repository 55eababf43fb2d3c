import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const uptimeKuma = defineMapping({
  name: 'uptime-kuma',
  title: 'Uptime Kuma',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Monitors of Uptime Kuma, by a notification of the type Webhook.',
    setup: [
      'In *Settings*, *Notifications*, set up a notification of the type *Webhook* with the Post URL `https://FAULTLINE/ingest/uptime-kuma` and the body *Preset - application/json*.',
      'Under *Additional Headers* write `{"Authorization": "Bearer TOKEN"}`, and apply it to all monitors.',
      'Give the monitors the tags `service` and `env`.',
    ],
    reads: ['Down and up of monitors, with their tags'],
    ignores: ['Tests, certificates that expire, pending and maintenance: the answer names them'],
  },
});
