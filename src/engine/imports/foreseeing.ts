import { randomInt } from "node:crypto"
import type { Instant } from "../../core/instants.ts"
import { Tally } from "../../core/rollups.ts"
import { listCasesOf, type StoredCase } from "../../store/cases.ts"
import type { StoredClock } from "../../store/clocks.ts"
import { clearWaiting, countOpenOrders } from "../../store/imports.ts"
import { listNamedShops, listShops, type RuleBook } from "../../store/rules.ts"
import { debtsOf, effectsOf } from "../effects.ts"
import { howeverOld, isHistory } from "../history.ts"
import { heldOf, load } from "../hold.ts"
import { type Judged, judgeHeld } from "../judgement.ts"
import { takeIn } from "../record.ts"
import type { EngineWorld } from "../world.ts"
import { casesFromOf, type ImportOrder, onlyShop, type ShopKey, settingsOf, unknownShops } from "./order.ts"
import { type Remark, stage, stagedOrders } from "./staging.ts"
import { type Told, type ToldOrder, tellOrders } from "./telling.ts"

/** What would follow at once: cases that would open, and alerts (one for many orders) that would be sent. */
export type Following = { cases: number; alerts: number }

/** What an import would come to. Nothing has changed. */
export type Foreseen = {
  rows: number
  rejectedCount: number
  byCode: Remark[]
  statuses: { word: string; count: number }[]
  exportedAt: Instant
  shops: ShopKey[]
  /** a shop in it was never heard of: what is overdue already opens no case unless that is asked for */
  isFirst: boolean
  orders: number
  newOrders: number
  changedOrders: number
  sameOrders: number
  /** orders of the file with a clock that is near or over, as they would stand */
  near: number
  overdue: number
  overdueUnshipped: number
  /** open orders of its shops that are not in it */
  missingOpenOrders: number
  /** as asked for, and if what is overdue opened cases however old */
  following: { asAsked: Following; howeverOld: Following }
}

type Counts = Pick<
  Foreseen,
  "orders" | "newOrders" | "changedOrders" | "sameOrders" | "near" | "overdue" | "overdueUnshipped"
> & {
  openTouched: number
  cases: { asAsked: number; howeverOld: number }
  alerts: { asAsked: Set<string>; howeverOld: Set<string> }
}

/**
 * Looks ahead at an import: the file is read and told to what is stored exactly as it would be, but nothing of it is kept. The same
 * rows, events, judgement and effects as in the import itself, so that the figures are those that will come.
 */
export async function foreseeImport(world: EngineWorld, order: ImportOrder): Promise<Foreseen> {
  // Below zero no import is numbered.
  const number = -randomInt(1, 2 ** 31 - 1)
  try {
    return await foresee(world, number, order)
  } finally {
    await clearWaiting(world.db.pool, number)
  }
}

async function foresee(world: EngineWorld, number: number, order: ImportOrder): Promise<Foreseen> {
  const { pool } = world.db
  const now = await world.instant(pool)
  const named = await listNamedShops(pool)
  const ground = { now, shopOf: onlyShop(named) }
  const staged = await stage(world, number, order, ground, { rows: async () => {} })
  const exportedAt = order.exportedAt ?? Math.max(order.changedAt, staged.latest)
  const isFirst = unknownShops(staged.shops, await listShops(pool)).length > 0
  const unnamed = unknownShops(staged.shops, named)
  const standing = await world.ruleBook(pool)
  const book = unnamed.length > 0 ? standing.with(settingsOf(unnamed, order)) : standing
  const { mapping } = order.opened.format
  const told: Told = {
    source: `import:${mapping.name}`,
    exportedAt,
    casesFrom: casesFromOf(order, isFirst, now),
    subOrders: mapping.subOrders ?? false,
  }
  const counts = noCounts()
  for await (const some of stagedOrders(world, number))
    await regard(world, await tellOrders(world, some, told), { told, book, now }, counts)
  let openBefore = 0
  for (const { channel, shop } of staged.shops) openBefore += await countOpenOrders(pool, channel, shop)
  const { openTouched, cases, alerts, ...shown } = counts
  return {
    ...shown,
    rows: staged.rows,
    rejectedCount: staged.rejectedCount,
    byCode: staged.byCode,
    statuses: [...order.opened.reader.unknownWords].map(([word, count]) => ({ word, count })),
    exportedAt,
    shops: staged.shops,
    isFirst,
    missingOpenOrders: Math.max(0, openBefore - openTouched),
    following: {
      asAsked: { cases: cases.asAsked, alerts: alerts.asAsked.size },
      howeverOld: { cases: cases.howeverOld, alerts: alerts.howeverOld.size },
    },
  }
}

const noCounts = (): Counts => ({
  orders: 0,
  newOrders: 0,
  changedOrders: 0,
  sameOrders: 0,
  near: 0,
  overdue: 0,
  overdueUnshipped: 0,
  openTouched: 0,
  cases: { asAsked: 0, howeverOld: 0 },
  alerts: { asAsked: new Set(), howeverOld: new Set() },
})

/** Tells some orders of a file to what is stored of them, in memory alone, and counts what came of it. */
async function regard(
  world: EngineWorld,
  orders: readonly ToldOrder[],
  { told, book, now }: { told: Told; book: RuleBook; now: Instant },
  counts: Counts,
): Promise<void> {
  const { pool } = world.db
  const known = orders.flatMap((each) => (each.known ? [each.known] : []))
  const loaded = await load(world, pool, known)
  const cases = await listCasesOf(pool, known)
  for (const { key, place, known, events } of orders) {
    counts.orders += 1
    if (known?.nextDueAt != null) counts.openTouched += 1
    if (events.length === 0 && !known) continue
    const own = heldOf(place, key, known ?? null, loaded)
    if (!known) own.casesFrom = told.casesFrom
    const { changed } = takeIn(
      world,
      own,
      { place, events: events.map((event, index) => ({ index, event })) },
      now,
      [],
    )
    if (!known) counts.newOrders += 1
    else if (changed.size > 0) counts.changedOrders += 1
    else counts.sameOrders += 1
    const judged = judgeHeld(own, own.told, book, now)
    countStanding(counts, judged, now)
    if (changed.size > 0) countFollowing(counts, judged, cases.get(place.id) ?? [], { isNew: !known, now })
  }
}

function countStanding(counts: Counts, { order, clocks }: Judged, now: Instant): void {
  if (!order.watched) return
  const open = clocks.filter((each) => each.observed && each.state !== "closed")
  if (open.some((each) => each.state === "over")) counts.overdue += 1
  else if (open.some((each) => each.state === "near")) counts.near += 1
  const isOver = order.nextDueAt !== null && order.nextDueAt < now
  if (isOver && order.endAt === null && order.facts.shipped === undefined) counts.overdueUnshipped += 1
}

/** What the next tick would do for an order, and which of it would be seen by people. */
function countFollowing(
  counts: Counts,
  judged: Judged,
  cases: readonly StoredCase[],
  { isNew, now }: { isNew: boolean; now: Instant },
): void {
  const effects = effectsOf(debtsOf([judged], now), now, new Tally())
  const hasCase = cases.some(({ archivedAt }) => archivedAt === null)
  const askings = [
    ["asAsked", judged.order.casesFrom],
    ["howeverOld", isNew ? howeverOld : judged.order.casesFrom],
  ] as const
  for (const [asking, casesFrom] of askings) {
    const told = effects.breaches.filter((each) => !isHistory({ order: { casesFrom } }, each))
    if (told.length > 0 && !hasCase) counts.cases[asking] += 1
    for (const [name, row] of effects.outbox)
      if (row.kind !== "breach" || told.some((each) => isOf(row, each))) counts.alerts[asking].add(name)
  }
}

const isOf = (row: { clock: string; basis: string }, { kind, basis }: StoredClock): boolean =>
  row.clock === kind && row.basis === basis
