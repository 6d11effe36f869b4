/** What a drill does to the primary, the mildest first. */
export const faultNames = ['stop', 'kill', 'hang', 'partition', 'reboot'] as const;
export type FaultName = (typeof faultNames)[number];
