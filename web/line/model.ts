import type { Basis, ClockKind } from "../../src/api/contract.ts"
import type { MarkState } from "../marks/states.ts"

/** Time that does not count, in milliseconds; `to` null: not over yet. */
export type Pause = { from: number; to: number | null; why: string }

/** One clock as the line of time draws it; instants in milliseconds, words ready to show. */
export type Lane = {
  key: string
  kind: ClockKind
  basis: Basis
  name: string
  note: string | null
  state: MarkState
  startAt: number
  dueAt: number | null
  closedAt: number | null
  warnAt: number[]
  pauses: Pause[]
  binding: boolean
  /** drawn hollow and dashed: a date that nobody accepted yet */
  proposed: boolean
  /** the last instant at which the customer may be asked */
  askBy: number | null
  /** where the due stood before it was moved, and why it moved */
  movedFrom: number | null
  movedWhy: string | null
  /** words of the right column when there is no figure to count */
  figure: string | null
  word: string
}

export type MarkIcon =
  | "created"
  | "paid"
  | "prepared"
  | "shipped"
  | "collected"
  | "delivered"
  | "cancelled"
  | "refunded"
  | "moved"
  | "agreed"
  | "breach"
  | "note"
  | "hold"

/** One thing that happened. The heavier it is, the surer its label is shown: breach, deadline moved, pause, paid, the rest. */
export type Mark = {
  key: string
  at: number
  /** a hold lasts: null is not over yet */
  until?: number | null
  icon: MarkIcon
  label: string
  /** source and whatever else the hover says */
  detail: string
  weight: number
  tone: "ink" | "plain" | "over" | "met" | "paused"
}

export const weights = { breach: 5, moved: 4, hold: 3, paid: 2, rest: 1 } as const

export type Span = "all" | "today" | "due6"
