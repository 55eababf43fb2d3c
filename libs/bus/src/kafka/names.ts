import type { TopicName } from '@faultline/model';
import { topics } from '@faultline/model';

/** Names in the cluster. They begin with a prefix, so that several installations can share one cluster. */
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

  /** Our topic for a name in the cluster. */
  ours(topic: string): TopicName {
    const name = this.#topics.get(topic);
    if (name === undefined) throw new Error(`no topic of Faultline has the name ${topic}`);
    return name;
  }

  group(group: string): string {
    return `${this.#prefix}${group}`;
  }

  /**
   * One id per group and partition number. Initialising it fences the former holder. The text `-lane-` is kept for
   * compatibility.
   */
  transactionalId(group: string, partition: number): string {
    return `${this.#prefix}${group}-lane-${partition}`;
  }
}
