import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const nagios = defineMapping({
  name: 'nagios',
  title: 'Nagios and Icinga',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Notifications of Nagios, Icinga 2 and Naemon, by a command with curl.',
    setup: [
      'Define the command below, and give it to a contact (Nagios) or a `User` (Icinga 2) that gets all notifications.',
      'In Icinga 2, a `NotificationCommand` with the same curl: `$notification.type$`, `$host.name$`, `$service.name$`, `$service.state$`, `$service.output$`, `$icinga.timet$`, `$notification.author$`.',
    ],
    snippet: {
      language: 'ini',
      text: `define command {
  command_name  notify-by-faultline
  command_line  /usr/bin/jq -n --arg type "$NOTIFICATIONTYPE$" --arg host "$HOSTNAME$" --arg address "$HOSTADDRESS$" --arg service "$SERVICEDESC$" --arg state "$SERVICESTATE$" --arg output "$SERVICEOUTPUT$" --arg time "$TIMET$" --arg author "$NOTIFICATIONAUTHOR$" '$ARGS.named' | /usr/bin/curl -sf https://FAULTLINE/ingest/nagios -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d @-
}
`,
    },
    reads: ['Problems, recoveries and acknowledgements of hosts and services'],
    ignores: ['Downtimes and the end of flapping: the answer names them'],
  },
});
