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

/** What a list is narrowed by, as far as clocks go. */
export type ClockFilter = {
  clock?: string | undefined
  basis?: string | undefined
  state?: string | undefined
  dueFrom?: string | undefined
}

/** The clock by which an order stands in a list: the earliest due of those that the list asks for; without one the clock of a row by itself. */
export function listedClock(
  clocks: readonly ClockView[],
  { clock, basis, state, dueFrom }: ClockFilter,
): ClockView | undefined {
  const from = msOf(dueFrom) ?? Number.NEGATIVE_INFINITY
  const fits = clocks.filter(
    (each) =>
      each.state !== "closed" &&
      each.observed &&
      (!clock || each.kind === clock) &&
      (!basis || each.basis === basis) &&
      (!state || each.state === state) &&
      (msOf(each.dueAt) ?? Number.POSITIVE_INFINITY) >= from,
  )
  const due = ({ dueAt }: ClockView) => msOf(dueAt) ?? Number.POSITIVE_INFINITY
  return fits.length > 0
    ? fits.reduce((first, each) => (due(each) < due(first) ? each : first))
    : shownClock(clocks)
}

/** Instants of a clock in milliseconds, for marks that reckon. */
export const msOf = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso))

/** Key of the words for kind · basis, always in this order. */
export const clockName = (clock: { kind: ClockKind; basis: Basis }): { kind: string; basis: string } => ({
  kind: `marks.kind.${clock.kind}`,
  basis: `marks.basis.${clock.basis}`,
})
