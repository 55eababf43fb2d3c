import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const zabbix = defineMapping({
  name: 'zabbix',
  title: 'Zabbix',
  kinds: ['alerts'],
  required: { fields: { event_id: 'the id of the problem', name: 'the name of the problem' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Problems, recoveries and acknowledgements of Zabbix 6.0 and newer, by a media type of the type Webhook.',
    setup: [
      'In *Alerts*, *Media types*, create a media type of the type *Webhook*. Add a parameter for each name of the script below, such as `name` with `{EVENT.NAME}`, and `faultline_url` and `token`.',
      'Give it to a user as media, and add the user to the trigger actions, with recovery and update operations.',
    ],
    snippet: {
      language: 'text',
      text: `// Parameters: faultline_url, token, event_id {EVENT.ID}, value {EVENT.VALUE}, update_status {EVENT.UPDATE.STATUS},
// update_action {EVENT.UPDATE.ACTION}, user {USER.FULLNAME}, trigger_id {TRIGGER.ID}, name {EVENT.NAME}, severity {EVENT.SEVERITY},
// host {HOST.HOST}, groups {TRIGGER.HOSTGROUP.NAME}, operational_data {EVENT.OPDATA}, tags {EVENT.TAGSJSON},
// url https://ZABBIX/tr_events.php?triggerid={TRIGGER.ID}&eventid={EVENT.ID}
var body = JSON.parse(value), request = new HttpRequest();
body.tags = JSON.parse(body.tags || '[]');
request.addHeader('Content-Type: application/json');
request.addHeader('Authorization: Bearer ' + body.token);
delete body.token;
request.post(body.faultline_url + '/ingest/zabbix', JSON.stringify(body));
if (request.getStatus() >= 300) throw 'Faultline answered ' + request.getStatus();
return 'OK';
`,
    },
    reads: [
      'Event, host, groups and tags',
      'Severity: *Disaster* is critical, *High* and *Average* are errors',
      'Acknowledgements of people',
    ],
    ignores: [
      'Other updates of a problem, which are taken as the problem itself',
      'Discovery, autoregistration and internal events: send none',
    ],
  },
});
