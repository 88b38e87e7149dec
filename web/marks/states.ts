import type { Basis, ClockKind, ClockState, ClockView, Outcome } from "../../src/api/contract.ts"

/** What a clock looks like: a colour, a silhouette and a word (LOOK §4). */
export type MarkState = "calm" | "near" | "over" | "paused" | "met" | "cancelled" | "unconfirmed"

/** The six states that have colours of their own; unconfirmed borrows near's. */
export const colourOf = (state: MarkState): Exclude<MarkState, "unconfirmed"> =>
  state === "unconfirmed" ? "near" : state

type Judged = { state: ClockState; outcome: Outcome | null; unconfirmed?: boolean }

/** The look of a clock. A stop after due stays red; a replaced clock is as grey as a cancelled one. */
export function markOf({ state, outcome, unconfirmed }: Judged): MarkState {
  if (state === "closed") return outcome === "met" ? "met" : outcome === "late" ? "over" : "cancelled"
  if (unconfirmed) return "unconfirmed"
  return state === "running" ? "calm" : state
}

/** The clock that a row shows: the binding one, else the one that ended last. */
export function shownClock(clocks: readonly ClockView[]): ClockView | undefined {
  return (
    clocks.find(({ binding }) => binding) ??
    [...clocks].sort((one, other) => (other.closedAt ?? "").localeCompare(one.closedAt ?? ""))[0]
  )
}

/** Instants of a clock in milliseconds, for marks that reckon. */
export const msOf = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso))

/** Key of the words for kind · basis, always in this order. */
export const clockName = (clock: { kind: ClockKind; basis: Basis }): { kind: string; basis: string } => ({
  kind: `marks.kind.${clock.kind}`,
  basis: `marks.basis.${clock.basis}`,
})
