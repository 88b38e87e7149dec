import { type OrderFact, resolvingFact } from "../../core/caseFacts.ts"
import type { Deed as AuditDeed } from "../../core/deeds.ts"
import type { Instant } from "../../core/instants.ts"
import type { Json } from "../../core/json.ts"
import { owed } from "../../core/owed.ts"
import { Refusal } from "../../core/refusals.ts"
import { Tally } from "../../core/rollups.ts"
import { appendActs } from "../../store/acts.ts"
import { appointOrders, readAppointments } from "../../store/agenda.ts"
import { note } from "../../store/audit.ts"
import { appendCaseLog, readCases, updateCases } from "../../store/cases.ts"
import { breachesOf, firingsOf, listClocks, type StoredClock, saveInnerClocks } from "../../store/clocks.ts"
import { transaction } from "../../store/database.ts"
import { caseNumber, casePlace, type Place, readCaseNumber } from "../../store/keys.ts"
import { lockOrders } from "../../store/orders.ts"
import { appendTally } from "../../store/rollups.ts"
import type { Session } from "../../store/statement.ts"
import { instantOf } from "../hold.ts"
import { changedRows } from "../innerRows.ts"
import type { EngineWorld } from "../world.ts"
import { recountCase } from "./counting.ts"
import { appointCase, type CaseFile, clocksOf, openFiles } from "./file.ts"

/** Cases in the hands of one transaction, with the facts of their orders. */
export type CaseDesk = {
  at: Instant
  files: CaseFile[]
  /** the file of a case by its number; refuses what is no case */
  file(number: string): CaseFile
  find(number: string): CaseFile | undefined
  /** staff whose bells rang */
  rung: Set<string>
  /** the fact that would resolve a case now */
  fact(file: CaseFile): OrderFact | null
}

/**
 * Locks the orders of some cases, reads everything, lets `act` work on them, and writes what changed: cases, log, clocks,
 * counts, the audit trail, and when to look again. One transaction; what is owed at once is left to the tick (ENGINE §3).
 */
export async function workOn<Result>(
  world: EngineWorld,
  asked: readonly { number: string }[],
  act: (tx: Session, desk: CaseDesk) => Promise<Result>,
  audit: { who: string; what: AuditDeed; after: unknown; actId?: string | undefined; batch: () => string },
): Promise<Result> {
  const written = await transaction(world.db, async (tx) => {
    const keys = asked.flatMap(({ number }) => readCaseNumber(number) ?? [])
    const known = await readCases(tx, keys)
    const locked = await lockOrders(
      tx,
      known.map(({ bucket, orderId }) => ({ bucket, id: orderId })),
    )
    // Read again: what was read before the lock may be what was there before the wait.
    const cases = await readCases(tx, keys)
    // An act is not before what was done to its cases, as it is not before a judgement of their orders.
    const at = Math.max(await instantOf(world, tx, locked), ...cases.map(({ changedAt }) => changedAt))
    const files = await openFiles(tx, cases)
    const clocks = await listClocks(tx, locked)
    const desk = deskOf(at, files, clocks)
    const result = await act(tx, desk)
    const changed = files.filter(({ fresh }) => fresh.length > 0)
    const nextAt = await save(world, tx, changed, locked, at)
    if (changed.length > 0) await keep(tx, changed, audit, at)
    return {
      result,
      nextAt,
      staff: [...desk.rung],
      numbers: changed.map(({ own }) => caseNumber(own.n, own.bucket)),
    }
  })
  if (written.numbers.length > 0)
    world.changed({ cases: written.numbers, nextAt: written.nextAt, board: true, staff: written.staff })
  return written.result
}

function deskOf(at: Instant, files: CaseFile[], clocks: Map<string, StoredClock[]>): CaseDesk {
  const byNumber = new Map(files.map((file) => [caseNumber(file.own.n, file.own.bucket), file]))
  const find = (number: string) => {
    const key = readCaseNumber(number)
    return key ? byNumber.get(caseNumber(key.n, key.bucket)) : undefined
  }
  return {
    at,
    files,
    rung: new Set(),
    find,
    file(number) {
      const found = find(number)
      if (found === undefined) throw new Refusal("not_found", "There is no case of this number.")
      return found
    },
    fact: ({ own }) => resolvingFact(own, clocks.get(own.orderId) ?? [], own.n),
  }
}

async function save(
  world: EngineWorld,
  tx: Session,
  changed: readonly CaseFile[],
  locked: readonly Place[],
  at: Instant,
): Promise<Instant | null> {
  if (changed.length === 0) return null
  const book = await world.ruleBook(tx)
  const rules = book.rules(book.settings)
  const orders = new Map((await readAppointments(tx, locked)).map((order) => [order.id, order]))
  const tally = new Tally()
  const rows: StoredClock[] = []
  let nextAt: Instant | null = null
  for (const file of changed) {
    const { clocks, gone } = clocksOf(file, rules, at)
    const all = [...clocks, ...gone]
    rows.push(...changedRows(file.rows, { clocks, gone }))
    recountCase(tally, file.before, file.own)
    const owes =
      owed({ clocks, firings: firingsOf(all), breaches: breachesOf(all), watched: true }, at).length > 0
    const order = orders.get(file.own.orderId)!
    const next = appointCase(file.own, clocks, at, owes)
    // What the order was told and the tick has not looked at yet is still to be looked at: the fact that solved it may have fallen.
    const isDue = next !== null && order.caseNextAt !== null && order.caseNextAt <= at
    if (owes) order.caseNextAt = at
    else if (!isDue) order.caseNextAt = next
    if (order.caseNextAt !== null && order.caseNextAt !== Infinity)
      order.nextAt = order.nextAt === null ? order.caseNextAt : Math.min(order.nextAt, order.caseNextAt)
    if (order.nextAt !== null && (nextAt === null || order.nextAt < nextAt)) nextAt = order.nextAt
  }
  await saveInnerClocks(tx, rows)
  await appendCaseLog(
    tx,
    changed.flatMap(({ fresh }) => fresh),
  )
  await updateCases(
    tx,
    changed.map(({ own }) => own),
  )
  await appointOrders(
    tx,
    changed.map(({ own }) => orders.get(own.orderId)!),
  )
  await appendTally(tx, changed[0]!.own.bucket, tally)
  return nextAt
}

async function keep(
  tx: Session,
  changed: readonly CaseFile[],
  { who, what, after, actId, batch }: Parameters<typeof workOn>[3],
  at: Instant,
): Promise<void> {
  const numbers = changed.map(({ own }) => caseNumber(own.n, own.bucket))
  const only = numbers.length === 1
  await note(
    tx,
    {
      who,
      what,
      subject: only ? numbers[0]! : batch(),
      before: only
        ? ({ state: changed[0]!.before.state, department: changed[0]!.before.department } as Json)
        : { cases: numbers },
      after: after as Json,
    },
    at,
  )
  if (actId === undefined) return
  await appendActs(
    tx,
    changed.map(({ own }) => ({
      ...casePlace(own),
      subject: casePlace(own).id,
      actId,
      at,
      answer: { batch: batch() },
    })),
  )
}
