/** The log: its port and its adapters. It carries bytes and knows nothing of what they mean. */
export type * from './port.ts';
