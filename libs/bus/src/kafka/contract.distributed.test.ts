import { busContract } from '../../contract/index.ts';
import { kafkaUnderTest } from './testing/under-test.ts';

// A broker's time cannot be moved; maintenance.distributed.test.ts shows its compaction and retention at work.
busContract('kafka', () => kafkaUnderTest(), { skip: ['maintenance'] });
