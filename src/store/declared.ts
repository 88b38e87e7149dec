import type { InboundFacts, StockFacts, WindowFacts } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, columnOf, fetched, send } from "./bulk.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** An outage, a force majeure or a carrier's limits, as somebody declared it. */
export type DeclaredWindow = {
  id: string
  kind: WindowFacts["kind"]
  name: string
  about: string | null
  regions: string[]
  fromAt: Instant
  toAt: Instant | null
  proof: string
  declaredAt: Instant
  declaredBy: string
  endedBy: string | null
  withdrawnAt: Instant | null
  withdrawnBy: string | null
}
const columns: readonly Column<DeclaredWindow>[] = [
  ["id", "id", "uuid"],
  ["kind", "kind", "text"],
  ["name", "name", "text"],
  ["about", "about", "text"],
  ["regions", "regions", "texts"],
  ["from_at", "fromAt", "instant"],
  ["to_at", "toAt", "instant"],
  ["proof", "proof", "text"],
  ["declared_at", "declaredAt", "instant"],
  ["declared_by", "declaredBy", "text"],
  ["ended_by", "endedBy", "text"],
  ["withdrawn_at", "withdrawnAt", "instant"],
  ["withdrawn_by", "withdrawnBy", "text"],
]
const selected = columns.map(([name, field, kind]) => `${fetched("w", name, kind)} as "${field}"`).join(", ")

const insert = bulkInsert("declared_windows.insert", "declared_windows", columns)
/** Keeps a declared window. */
export const addWindow = (tx: Session, window: DeclaredWindow): Promise<number> =>
  send(tx, insert, columns, [window])

const hold = statement("declared_windows.hold", "lock table declared_windows in share row exclusive mode")
/** Whoever declares does so one after the other, so that the same declared at once is one. */
export const holdWindows = (tx: Session): Promise<unknown[]> => run(tx, hold)

const same = statement(
  "declared_windows.same",
  `select ${selected} from declared_windows w
   where w.withdrawn_at is null and w.kind = $1 and w.name = $2 and w.about is not distinct from $3 and w.regions = $4
     and w.from_at = to_timestamp($5::float8 / 1000) and w.to_at is not distinct from to_timestamp($6::float8 / 1000)
     and w.proof = $7 limit 1`,
)
/** A window that stands and is equal to what somebody declares; undefined where there is none. */
export const findSameWindow = async (
  tx: Session,
  {
    kind,
    name,
    about,
    regions,
    fromAt,
    toAt,
    proof,
  }: Pick<DeclaredWindow, "kind" | "name" | "about" | "regions" | "fromAt" | "toAt" | "proof">,
): Promise<DeclaredWindow | undefined> =>
  (await run<DeclaredWindow>(tx, same, [kind, name, about, regions, fromAt, toAt, proof]))[0]

const listAll = statement(
  "declared_windows.list",
  `select ${selected} from declared_windows w order by w.from_at desc, w.id limit $1`,
)
/** The declared windows, the latest first, withdrawn ones too. */
export const listWindows = (session: Session, limit = 500): Promise<DeclaredWindow[]> =>
  run(session, listAll, [limit])

const listDuring = statement(
  "declared_windows.during",
  `select ${selected} from declared_windows w
   where w.withdrawn_at is null and w.from_at < to_timestamp($2::float8 / 1000)
     and (w.to_at is null or w.to_at > to_timestamp($1::float8 / 1000)) order by w.from_at, w.id`,
)
/** The windows that stand and overlap a span. */
export const windowsDuring = (session: Session, from: Instant, to: Instant): Promise<DeclaredWindow[]> =>
  run(session, listDuring, [from, to])

const end = statement(
  "declared_windows.end",
  `update declared_windows set to_at = to_timestamp($2::float8 / 1000), ended_by = $3
   where id = $1 and withdrawn_at is null and from_at < to_timestamp($2::float8 / 1000)`,
)
/** Says when a window ended; answers whether there is such a one. */
export const endWindow = async (tx: Session, id: string, at: Instant, by: string): Promise<boolean> =>
  (await touch(tx, end, [id, at, by])) > 0

const withdraw = statement(
  "declared_windows.withdraw",
  `update declared_windows set withdrawn_at = to_timestamp($2::float8 / 1000), withdrawn_by = $3
   where id = $1 and withdrawn_at is null`,
)
/** Takes a declaration back; it stays visible. Answers whether there was one. */
export const withdrawWindow = async (tx: Session, id: string, at: Instant, by: string): Promise<boolean> =>
  (await touch(tx, withdraw, [id, at, by])) > 0

// ------------------------------------------------------------------ stock

/** What was known of a SKU's stock at an instant. */
export type StockLevel = {
  sku: string
  /** '' where nobody said which */
  warehouse: string
  at: Instant
  onHand: number | null
  locked: number | null
  blocked: number | null
  counted: number | null
  inbound: InboundFacts[] | null
  recordedAt: Instant
  recordedBy: string
}
const stockColumns: readonly Column<StockLevel>[] = [
  ["sku", "sku", "text"],
  ["warehouse", "warehouse", "text"],
  ["at", "at", "instant"],
  ["on_hand", "onHand", "float8"],
  ["locked", "locked", "float8"],
  ["blocked", "blocked", "float8"],
  ["counted", "counted", "float8"],
  ["inbound", "inbound", "json"],
  ["recorded_at", "recordedAt", "instant"],
  ["recorded_by", "recordedBy", "text"],
]
const saveLevels = bulkInsert(
  "stock_levels.save",
  "stock_levels",
  stockColumns,
  `on conflict (sku, warehouse, at) do update set on_hand = excluded.on_hand, locked = excluded.locked, blocked = excluded.blocked,
     counted = excluded.counted, inbound = excluded.inbound, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`,
)
/** Keeps levels, each (SKU, warehouse, instant) once: told again it is corrected. */
export const saveStock = (tx: Session, levels: readonly StockLevel[]): Promise<number> =>
  send(tx, saveLevels, stockColumns, levels)

const stockSelected = stockColumns
  .map(([name, field, kind]) => `${fetched("s", name, kind)} as "${field}"`)
  .join(", ")
const levelsOf = statement(
  "stock_levels.of",
  `select ${stockSelected} from stock_levels s where s.sku = any($1::text[]) and s.at >= to_timestamp($2::float8 / 1000)
     and s.at <= to_timestamp($3::float8 / 1000) order by s.at, s.sku`,
)
const lastBefore = statement(
  "stock_levels.before",
  `select distinct on (s.sku, s.warehouse) ${stockSelected} from stock_levels s
   where s.sku = any($1::text[]) and s.at < to_timestamp($2::float8 / 1000) order by s.sku, s.warehouse, s.at desc`,
)
/** What was known of SKUs in a span, and the last of each before it, oldest first. */
export async function stockDuring(
  session: Session,
  skus: readonly string[],
  from: Instant,
  to: Instant,
): Promise<StockLevel[]> {
  if (skus.length === 0) return []
  const list = columnOf(skus, "text")
  const before = await run<StockLevel>(session, lastBefore, [list, from])
  return [...before, ...(await run<StockLevel>(session, levelsOf, [list, from, to]))].sort(
    (a, b) => a.at - b.at,
  )
}

const latest = statement(
  "stock_levels.latest",
  `select distinct on (s.sku, s.warehouse) ${stockSelected} from stock_levels s
   where $1::text = '' or s.sku ilike '%' || $1 || '%' order by s.sku, s.warehouse, s.at desc limit $2`,
)
/** The last level of each SKU and warehouse. */
export const latestStock = (session: Session, q: string, limit = 500): Promise<StockLevel[]> =>
  run(session, latest, [q.replace(/[\\%_]/g, "\\$&"), limit])

/** A level as a fact: what may still be sold is on hand without what is locked or blocked. */
export const stockFact = ({
  sku,
  warehouse,
  at,
  onHand,
  locked,
  blocked,
  counted,
  inbound,
}: StockLevel): StockFacts => ({
  sku,
  warehouse: warehouse === "" ? null : warehouse,
  at,
  onHand,
  locked,
  blocked,
  counted,
  inbound,
  sellable: onHand === null ? null : onHand - (locked ?? 0) - (blocked ?? 0),
})
