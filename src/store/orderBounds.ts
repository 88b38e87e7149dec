import { byState, type OpenState, openStates } from "../core/rollups.ts"
import type { OrderFilter } from "./orderLists.ts"
import { countByState, countNamed, countOpenOf } from "./rollups.ts"
import type { Session } from "./statement.ts"

/** What the counts say of a list without what they do not count: an upper bound of it, by state; and of all orders there are. */
export type Bound = { all: number; total: number } & Record<OpenState, number>

/** The bound of a list; null: the counts know nothing of what nobody watches. */
export async function boundOf(session: Session, filter: OrderFilter): Promise<Bound | null> {
  if (filter.watched === false) return null
  const { stage, channel, shop, clock, basis, warehouse, liveSession } = filter
  const scoped = countByState(session, filter)
  const [own, every, open, stored, sold] = await Promise.all([
    scoped,
    stage || channel || shop ? countByState(session, {}) : scoped,
    clock || basis ? countOpenOf(session, filter) : null,
    warehouse ? countNamed(session, "warehouse", warehouse, stage) : null,
    liveSession ? countNamed(session, "session", liveSession, stage) : null,
  ])
  const least = (...counts: (number | null | undefined)[]): number =>
    Math.min(...counts.map((n) => n ?? Number.POSITIVE_INFINITY))
  const all = least(own.all, open?.all, stored, sold)
  return { all, total: every.all, ...byState((state) => least(own[state], open?.[state], all)) }
}

/** How many orders a bound allows in a list, of the state that it asks for. */
export const ofBound = ({ state }: OrderFilter, bound: Bound): number =>
  bound[(state as OpenState | undefined) ?? "all"]

/** Whether the counts say that nothing is in a list: to find that out from rows takes longest. */
export const isEmpty = (filter: OrderFilter, bound: Bound | null): boolean =>
  bound !== null && ofBound(filter, bound) === 0

/** Whether the counts say that no order in a list has an open clock. */
export const hasNoClock = (bound: Bound | null): boolean =>
  bound !== null && openStates.every((state) => bound[state] === 0)
