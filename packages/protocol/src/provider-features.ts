/** What only some providers can do, by the names of their contract: show a serial console and take
 * what is typed there, show a screen, start a copy. */
export const PROVIDER_FEATURES = ['serialLog', 'serialWrite', 'screenshot', 'proveBoot'] as const;
export type ProviderFeature = (typeof PROVIDER_FEATURES)[number];
