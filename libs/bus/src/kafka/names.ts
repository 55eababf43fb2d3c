import type { TopicName } from '@faultline/model';
import { topics } from '@faultline/model';

/** Names in the cluster: ours behind a prefix, so that several Faultlines can share one. */
export class Names {
  readonly #prefix: string;
  readonly #topics = new Map<string, TopicName>();

  constructor(prefix: string) {
    this.#prefix = prefix;
    for (const { name } of topics) this.#topics.set(this.topic(name), name);
  }

  topic(name: TopicName): string {
    return `${this.#prefix}${name}`;
  }

  /** Ours, by the name in the cluster. */
  ours(topic: string): TopicName {
    const name = this.#topics.get(topic);
    if (name === undefined) throw new Error(`no topic of ours: ${topic}`);
    return name;
  }

  group(group: string): string {
    return `${this.#prefix}${group}`;
  }

  /** One for each group and partition number: whoever sets it up anew shuts out the holder before. */
  transactionalId(group: string, partition: number): string {
    return `${this.#prefix}${group}-lane-${partition}`;
  }
}
