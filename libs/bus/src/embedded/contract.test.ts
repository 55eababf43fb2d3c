import { busContract } from '../../contract/index.ts';
import { memoryFolder } from './files.ts';
import { embeddedUnderTest, temporaryFolder } from './testing.ts';

busContract('embedded, on disk', () => embeddedUnderTest(temporaryFolder()), { skip: [] });
busContract('embedded, in memory', () => embeddedUnderTest(memoryFolder), { skip: ['restart'] });
