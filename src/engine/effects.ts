import type { Instant } from "../core/instants.ts"
import { effectiveWarnings, type Owed, owed } from "../core/owed.ts"
import { slotMs, slotOf, type Tally } from "../core/rollups.ts"
import type { StoredClock } from "../store/clocks.ts"
import {
  moveBreaches,
  permitBreaches,
  permitFirings,
  type StoredBreach,
  type StoredFiring,
  withdrawBreaches,
} from "../store/firings.ts"
import { newId } from "../store/keys.ts"
import { appendOutbox, type OutboxRow } from "../store/outbox.ts"
import type { Session } from "../store/statement.ts"
import type { Judged } from "./judgement.ts"

/** What is owed to one order at a tick, with the order as judged. */
export type Debt = { judged: Judged; owed: Owed[] }

/** All that a tick lets happen, gathered over its orders before anything is written. */
export type Effects = {
  firings: StoredFiring[]
  breaches: StoredBreach[]
  moved: StoredBreach[]
  withdrawn: StoredBreach[]
  outbox: OutboxRow[]
}

/** The orders to which something is owed at `at`. */
export function debtsOf(all: readonly Judged[], at: Instant): Debt[] {
  const debts: Debt[] = []
  for (const judged of all) {
    const { held, order, clocks } = judged
    const due = owed({ clocks, firings: held.firings, breaches: held.breaches, watched: order.watched }, at)
    if (due.length > 0) debts.push({ judged, owed: due })
  }
  return debts
}

const owner = ({ order }: Judged) => ({
  bucket: order.bucket,
  subjectKind: "order" as const,
  subjectId: order.id,
})

/** Turns debts into effects and counts them. A breach's case is filled in by whoever opens the cases. */
export function effectsOf(debts: readonly Debt[], at: Instant, tally: Tally): Effects {
  const effects: Effects = { firings: [], breaches: [], moved: [], withdrawn: [], outbox: [] }
  for (const { judged, owed: due } of debts) {
    const { channel, shop } = judged.order
    for (const each of due) {
      if (each.what === "warning")
        effects.firings.push(firing(judged, each.clock as StoredClock, each.level, each.at, at))
      else if (each.what === "unconfirmed") {
        effects.firings.push(firing(judged, each.clock as StoredClock, "unconfirmed", each.dueAt, at))
        effects.outbox.push(message("unconfirmed", judged, each.clock as StoredClock, at))
      } else if (each.what === "breach") {
        effects.breaches.push(breach(judged, each.clock as StoredClock, at))
        effects.outbox.push(message("breach", judged, each.clock as StoredClock, at))
        tally.add(1, "breach", slotOf(each.dueAt), [each.clock.kind, each.clock.basis, channel, shop])
        tally.add(1, "fired", slotOf(at), [each.clock.kind, each.clock.basis, channel, shop])
      } else if (each.what === "moved") {
        effects.moved.push(breach(judged, each.clock as StoredClock, at))
        tally.add(-1, "breach", slotOf(each.from), [each.clock.kind, each.clock.basis, channel, shop])
        tally.add(1, "breach", slotOf(each.dueAt), [each.clock.kind, each.clock.basis, channel, shop])
      } else {
        const fallen = each.breach as StoredBreach
        effects.withdrawn.push({
          ...fallen,
          ...owner(judged),
          withdrawnAt: at,
          withdrawnWhy: whyWithdrawn(judged, each),
        })
        tally.add(-1, "breach", slotOf(fallen.dueAt), [fallen.kind, fallen.basis, channel, shop])
        tally.add(-1, "fired", slotOf(fallen.firedAt), [fallen.kind, fallen.basis, channel, shop])
      }
    }
    for (const { clock, level } of effectiveWarnings(due)) {
      effects.outbox.push(message("warning", judged, clock as StoredClock, at, level))
      tally.add(1, "warning", slotOf(at), [clock.kind, clock.basis, level, channel, shop])
    }
  }
  return effects
}

function firing(
  judged: Judged,
  clock: StoredClock,
  level: string,
  levelAt: Instant,
  at: Instant,
): StoredFiring {
  return {
    ...owner(judged),
    kind: clock.kind,
    basis: clock.basis,
    round: clock.round,
    level,
    at: levelAt,
    firedAt: at,
  }
}

function breach(judged: Judged, clock: StoredClock, at: Instant): StoredBreach {
  return {
    ...owner(judged),
    kind: clock.kind,
    basis: clock.basis,
    round: clock.round,
    dueAt: clock.dueAt!,
    firedAt: at,
    standing: true,
    withdrawnAt: null,
    withdrawnWhy: null,
    caseId: null,
  }
}

/** Why a breach fell: what its clock says now, as data that a page can put into words. */
function whyWithdrawn(
  { order }: Judged,
  { clock }: Extract<Owed, { what: "withdrawal" }>,
): Record<string, unknown> {
  if (clock === null)
    return { reason: order.toldAt === null ? "import_undone" : "clock_gone", stage: order.stage }
  return {
    reason: clock.state === "closed" ? (clock.outcome ?? "closed") : "due_moved",
    dueAt: clock.dueAt,
    closedAt: clock.closedAt,
    stoppedBy: clock.stoppedBy,
  }
}

/** What leaves the process is gathered by department, standard and quarter of an hour. */
export function message(
  kind: OutboxRow["kind"],
  judged: Judged,
  clock: StoredClock,
  at: Instant,
  level?: string,
): OutboxRow {
  return {
    ...owner(judged),
    id: newId(at),
    kind,
    department: "operations",
    standard: clock.standard ?? clock.basis,
    windowAt: Math.floor(at / slotMs) * slotMs,
    fact: {
      kind: clock.kind,
      basis: clock.basis,
      round: clock.round,
      dueAt: clock.dueAt,
      level: level ?? null,
    },
    createdAt: at,
  }
}

/** Writes effects; where one had happened already the transaction is done again. */
export async function writeEffects(tx: Session, effects: Effects): Promise<void> {
  await permitFirings(tx, effects.firings)
  await permitBreaches(tx, effects.breaches)
  await moveBreaches(tx, effects.moved)
  await withdrawBreaches(tx, effects.withdrawn)
  await appendOutbox(tx, effects.outbox)
}
