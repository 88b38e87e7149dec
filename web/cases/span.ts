import { countdown } from "../time/countdown.ts"

/** A length of time that has gone by, without a sign: `43:12`, `7 h 05`, `2 d 4 h`. */
export const span = (ms: number): string => countdown(Math.max(0, ms))
