import { undoImport } from "../../engine/undoing.ts"
import { transaction } from "../../store/database.ts"
import { beginImport, findImport, saveImport } from "../../store/imports.ts"
import type { Ending } from "./actor.ts"
import { type Act, writing } from "./acts.ts"
import type { Company } from "./company.ts"
import type { Telling } from "./stories.ts"

const hour = 60 * 60_000
const day = 24 * hour

/** A file that was brought, and how it ended. */
export type Import = {
  number: number
  channel: string
  /** null: a file of all shops of the channel */
  shop: string | null
  state: "running" | "done" | "failed" | "undoing" | "undone"
}

type Shops = Pick<Import, "channel" | "shop">
/** Whether two files may bring the same shop. */
const overlap = (one: Shops, other: Shops): boolean =>
  one.channel === other.channel && (one.shop === other.shop || one.shop === null || other.shop === null)

/** A file that brings events of one shop, which may be taken back later; what is of others is told beside it. */
export async function importing(company: Company, tellings: readonly Telling[]): Promise<Act[]> {
  const { chance } = company
  const { channel } = tellings[0]!.key
  const shop = chance.happens(0.3) ? null : tellings[0]!.key.shop
  const own = tellings.filter(({ key }) => key.channel === channel && (shop === null || key.shop === shop))
  const others = tellings.filter((each) => !own.includes(each))
  const exportedAt = company.now - chance.int(0, 2) * hour
  const brought = own.map(({ at, key, event }) => ({
    at,
    key,
    event: {
      ...event,
      source: "import:erp",
      eventId: `${event.type}:${event.lines ?? ""}`,
      observedAt: exportedAt,
    },
  }))
  const number = await transaction(company.db, (tx) =>
    beginImport(tx, {
      file: "orders.csv",
      format: "erp",
      mapping: {},
      channel,
      shop,
      by: "owner",
      exportedAt,
      at: company.now,
    }),
  )
  const isBusy = company.imports.some((each) => each.state === "running" && overlap(each, { channel, shop }))
  if ((number === null) !== isBusy)
    company.books.disagree([`an import was ${number === null ? "refused" : "begun"} beside another`])
  if (number === null) return [writing(company, tellings)]
  const import_: Import = { number, channel, shop, state: "running" }
  company.imports.push(import_)
  company.books.note("imports")
  const casesFrom = chance.one([null, company.now, company.now - 2 * day, 0])
  const act = writing(company, brought, number, casesFrom)
  // The queue is told again of what the file would have brought.
  const ended = (ending: Ending<unknown>) => {
    company.books.note("writes")
    import_.state = "done" in ending ? "done" : "failed"
    return settleImport(company, import_)
  }
  return [{ ...act, ended }, ...(others.length > 0 ? [writing(company, others)] : [])]
}

/** Writes how an import ended, as its process would have. */
async function settleImport({ db }: Company, own: Import): Promise<void> {
  const stored = (await findImport(db.pool, own.number))!
  await saveImport(db.pool, { ...stored, state: own.state })
}

/** Somebody who takes an import back, which is refused while a newer one stands; null: there is none. */
export function undoing(company: Company): Act | null {
  const { books } = company
  const standing = company.imports.filter((each) => each.state !== "undone")
  if (standing.length === 0) return null
  const own = company.chance.one(standing)
  const newer = standing.some(
    (each) =>
      each.number > own.number &&
      overlap(each, own) &&
      (each.state !== "failed" || [...books.lives.values()].some((life) => life.broughtBy.has(each.number))),
  )
  const ids = new Set(
    [...books.lives.values()].filter((life) => life.broughtBy.has(own.number)).map((life) => life.id),
  )
  const at = Math.max(company.now, ...[...ids].map((id) => books.lives.get(id)!.judgedAt))
  return {
    fault: company.fault(12),
    run: (db) => undoImport(company.world(db, 0), own.number, "owner"),
    deed: (ending) => {
      if (!newer) return { kind: "undo", number: own.number, ids, at, certain: "done" in ending }
      // A session that broke before the answer may have ended it in any other way.
      if ("done" in ending) books.disagree([`import ${own.number} was undone before a newer one`])
      return null
    },
    ended: (ending) => {
      if (!newer) own.state = "done" in ending ? "undone" : "undoing"
      if ("done" in ending) books.note("imports undone")
    },
  }
}
