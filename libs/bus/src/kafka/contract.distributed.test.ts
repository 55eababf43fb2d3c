import { busContract } from '../../contract/index.ts';
import { kafkaUnderTest } from './testing/under-test.ts';

// A broker's clock cannot be moved; maintenance.distributed.test.ts tests compaction and retention.
busContract('kafka', () => kafkaUnderTest(), { skip: ['maintenance'] });
