/** Settings in prose, as `bus.kafka.brokers` or `FAULTLINE_HTTP__PORT`, held against the schema of the configuration. */
import { describeConfig, environmentName, type Sections } from '@faultline/runtime';

export interface Settings {
  readonly sections: readonly string[];
  /** Every path without list marks and variants: `notifier.channels.name`. */
  readonly paths: ReadonlySet<string>;
  readonly environmentNames: ReadonlySet<string>;
}

export function settingsOf(sections: Sections): Settings {
  const names = Object.keys(sections);
  const paths = describeConfig(sections)
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [section = ''] = part.split('\n', 1);
      const keys = [...part.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = '']) => `${section}.${bare(key)}`);
      return [section, ...keys];
    });
  return {
    sections: names,
    paths: new Set(paths),
    environmentNames: new Set(paths.map((path) => environmentName(path.split('.')))),
  };
}

/** `channels[]{slack}.token` -> `channels.token` */
const bare = (path: string): string => path.replace(/\[\]|\{[^}]*\}/g, '');

/** Names in code marks that can only be settings, and are none. */
export function unknownSettingsIn(text: string, settings: Settings): string[] {
  const dotted = new RegExp(`^(?:${settings.sections.join('|')})(?:\\.[a-z][A-Za-z0-9]*(?:\\[\\])?)+`);
  const found = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => dotted.exec(code.trim())?.[0] ?? []);
  const environment = text.match(/\bFAULTLINE_[A-Z0-9_]+__[A-Z0-9_]*[A-Z0-9]\b/g) ?? [];
  return [
    ...found.filter((name) => !settings.paths.has(bare(name))),
    ...environment.filter((name) => !settings.environmentNames.has(name.replace(/__\d+(?=__|$)/g, ''))),
  ];
}
