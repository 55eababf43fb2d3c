/**
 * Names for two parts of the progress record on `recorder-progress`. The record's fields `cut`, `lifts`, `low` and `keep` are wire names,
 * which every release must read, so they stay: a cut is a checkpoint, a lift is a late-record override.
 */
import type { RecorderProgress } from '@faultline/model';

/** The end of a checkpoint batch: an offset per topic, the watermark, and whether all open sessions close. */
export type Checkpoint = NonNullable<RecorderProgress['cut']>;

/** A range of records that arrived behind the watermark. They count as of `toMs`. */
export type LateOverride = RecorderProgress['lifts'][number];
