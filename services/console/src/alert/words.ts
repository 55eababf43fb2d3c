/** The texts of the page of one alert. */
export const alertWords = {
  title: (fingerprint: string) => `Alert ${fingerprint}`,
  reading: 'Reading what became of it…',
  steps: 'What became of it',
  nearMatches: 'Alerts of the last week that look like it',
  nothingNear: 'No alert of the last week looks like it. Is its source set up?',
  incident: 'Open the incident',
} as const;

/** The kinds of `AlertStep`. */
export const stepWords: Readonly<Record<string, string>> = {
  received: 'Received',
  refused: 'Refused',
  suppressed: 'Suppressed',
  joined: 'Grouped',
  left: 'Left',
  triage: 'Level',
  delivery: 'Delivery',
};
