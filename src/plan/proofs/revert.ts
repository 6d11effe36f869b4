/** The transient unit on the primary that starts its gateway again after a failover test, whoever is alive then. */
export const revertUnit = 'openclaw-failover-revert';
export const revertTimer = `${revertUnit}.timer`;
