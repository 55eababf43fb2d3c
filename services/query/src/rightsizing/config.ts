import { z } from 'zod';

const price = z.strictObject({
  cluster: z.string().default('').describe('Name of a cluster. Empty: every cluster.'),
  namespace: z.string().default('').describe('Name of a namespace. Empty: every namespace.'),
  coreHour: z.number().min(0).describe('Price of one core for an hour.'),
  gibHour: z.number().min(0).describe('Price of one GiB of memory for an hour.'),
});

/** The `rightsizing` section: requests and limits of containers against their use. */
export const rightsizingConfig = z
  .strictObject({
    method: z
      .enum(['krr', 'vpa'])
      .default('krr')
      .describe(
        'How requests are recommended. `krr`: a percentile of CPU and the highest use of memory, all days alike, as Robusta KRR does. `vpa`: percentiles in which each day counts half as much as the day after it, as the recommender of Kubernetes’ Vertical Pod Autoscaler does.',
      ),
    days: z
      .int()
      .min(1)
      .max(42)
      .default(14)
      .describe('How many days of use are looked at. `store.windowDays` must be at least this.'),
    minHours: z
      .int()
      .min(1)
      .max(1000)
      .default(168)
      .describe(
        'Nothing is recommended for a container that was measured in fewer hours than this. A week holds each day of the week.',
      ),
    marginPercent: z
      .number()
      .min(0)
      .max(300)
      .default(15)
      .describe(
        'What is added to the use, in percent. With `krr` to memory only: more CPU than the request can be used while the node has some.',
      ),
    cpuPercentile: z
      .number()
      .min(50)
      .max(100)
      .nullable()
      .default(null)
      .describe('Percentile of CPU samples that the request covers. Null: 95 with `krr`, 90 with `vpa`.'),
    minCores: z.number().min(0).default(0.01).describe('Least CPU request that is recommended, in cores.'),
    minMemoryMib: z.number().min(0).default(100).describe('Least memory request that is recommended, in MiB.'),
    throttledPercent: z
      .number()
      .min(0)
      .max(100)
      .default(5)
      .describe(
        'When the CPU limit throttled a larger share of periods than this, no lower CPU request is recommended.',
      ),
    idleCores: z
      .number()
      .min(0)
      .default(0.01)
      .describe('A replica that used no more than this in 95 % of the samples of a day counts as idle, in cores.'),
    currency: z.string().max(10).default('USD').describe('Currency of the prices.'),
    prices: z
      .array(price)
      .max(1000)
      .default([])
      .describe('Prices of cores and memory. The first entry that fits counts. Default: none, so nothing is priced.'),
  })
  .refine(({ days, minHours }) => minHours <= days * 24, {
    path: ['minHours'],
    message: 'must be at most the hours of `days`, or nothing would ever be recommended',
  });

export type RightsizingConfig = z.output<typeof rightsizingConfig>;
