/** Milliseconds into its minute at which an alert begins that the failing correlator cannot bear; no other alert of a play does. */
export const failsAtMs = 59_777;
