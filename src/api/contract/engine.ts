import type { EngineView } from "../contract.ts"

/** GET /api/v1/engine/page: what proves that the engine is alive, and all else that its page shows. */
export type EnginePage = EngineView & {
  asOf: string
  /** beats of the last two minutes by engine, oldest first */
  beats: Record<string, string[]>
  /** since the company's day began */
  today: { warnings: number; breaches: number }
  paused: number
  unconfirmed: number
  /** when the next thing happens to an order; null: nothing is awaited */
  nextAt: string | null
  stuckOrders: StuckOrder[]
  /** what waits to leave the process: rows that no job carries yet, and jobs by queue */
  outbox: number
  queues: { queue: string; waiting: number; active: number }[]
  letters: { id: string; queue: string; error: string; diedAt: string }[]
  /** orders judged again, and the last that came out otherwise than they are stored */
  sweep: { at: string; orders: number; differing: string[] } | null
  /** counts counted again from rows, and those that differ */
  recount: { at: string; cells: number; miscounted: string[] } | null
}
/** An order that cannot be judged, why and since when. */
export type StuckOrder = {
  channel: string
  shop: string
  orderNo: string
  error: string
  since: string
  tries: number
  nextAt: string | null
}
