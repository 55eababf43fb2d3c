/** From when on an effect counts as one. Conventions, not fitted: they say what people call large. */

/** Relative growth that counts half: 50 % more is the least that people call slow. */
export const halfGrowth = 0.5;
/** Cohen's h that counts half: 0.5 is his "medium" effect (1988). */
export const halfStep = 0.5;
/** Robust z of a metric that counts half: heavy tails make 3 common, 6 rare. */
export const halfSeriesZ = 6;
