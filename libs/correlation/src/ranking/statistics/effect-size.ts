/** How large an effect must be. These are conventions and not fitted: they say what people call large. */

/** Relative growth that counts half: from 50 % more on, people call it slow. */
export const halfGrowth = 0.5;
/** Cohen's h that counts half: 0.5 is his "medium" effect (1988). */
export const halfPatternEffect = 0.5;
/** Robust z of a metric that counts half: with heavy tails 3 is common, 6 is rare. */
export const halfSeriesZ = 6;
