/** Whether this process works on the pair of a rehearsal, which is gone when that ends. */
export const isRehearsed = (): boolean => process.env['FAILOVER_REHEARSAL_NETWORK'] !== undefined;
