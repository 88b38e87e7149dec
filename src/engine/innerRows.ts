import { type InnerEvent, innerClocks } from "../core/innerClocks.ts"
import type { Instant } from "../core/instants.ts"
import type { Clock, Rules } from "../core/judge.ts"
import { noEffects, type StoredClock } from "../store/clocks.ts"

/** Whose inner clocks they are. */
type Owner = Pick<StoredClock, "bucket" | "subjectKind" | "subjectId" | "caseN">

/** Clocks as they are to be stored, and those that are no longer in the answer but took effect. */
export type InnerRows = { clocks: StoredClock[]; gone: StoredClock[] }

/** The inner clocks of a case or a duty at an instant, from its acts and what is stored of them. */
export function innerRows(
  owner: Owner,
  { events, rows }: { events: readonly InnerEvent[]; rows: readonly StoredClock[] },
  rules: Rules,
  at: Instant,
): InnerRows {
  const isSame = (one: Clock) => (other: Clock) => one.kind === other.kind && one.round === other.round
  const clocks = innerClocks(events, rules, at).map((clock): StoredClock => {
    const before = rows.find(isSame(clock))
    return {
      ...noEffects,
      ...before,
      ...clock,
      ...owner,
      gone: false,
      policy: null,
      // A clock without a row is as old as its start: nobody had to write it.
      dueSince: before === undefined ? clock.startAt : before.dueAt === clock.dueAt ? before.dueSince : at,
      warnings: clock.warnLevels.map((level, i) => [level, clock.warnAt[i] ?? null]),
    }
  })
  const gone = rows
    .filter((row) => !clocks.some(isSame(row)))
    .map((row): StoredClock => ({ ...row, gone: true }))
  return { clocks, gone }
}

/** The inner clocks that differ from what is stored. */
export const changedRows = (stored: readonly StoredClock[], { clocks, gone }: InnerRows): StoredClock[] =>
  [...clocks, ...gone].filter((row) => {
    const before = stored.find(({ kind, round }) => kind === row.kind && round === row.round)
    return (
      before === undefined ||
      before.effects !== row.effects ||
      before.gone !== row.gone ||
      before.state !== row.state ||
      before.outcome !== row.outcome ||
      before.closedAt !== row.closedAt ||
      before.dueAt !== row.dueAt ||
      before.startAt !== row.startAt ||
      before.stoppedBy !== row.stoppedBy
    )
  })
