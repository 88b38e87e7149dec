/** For how long the receivers of finished orders are kept: days, or null for ever. */
export type Retention = { days: number | null }

/** What holds until the company says otherwise: complaints, returns and disputes of an order are over by then. */
export const defaultRetention: Retention = { days: 180 }
/** Sooner than that parcels still come back. */
export const retentionDaysMin = 30
/** Ten years; longer than that is for ever. */
export const retentionDaysMax = 3_650
