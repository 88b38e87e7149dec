import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { boardOf } from "../core/board.ts"
import { isoOf, parseInstant } from "../core/instants.ts"
import { judge } from "../core/judge.ts"
import { Refusal } from "../core/refusals.ts"
import { addClocks, type ClockCounts, type columnOf, emptyCounts } from "../core/summary.ts"
import { dayStart } from "../core/wallTime.ts"
import { heldOf, load } from "../engine/hold.ts"
import { countPaidByMinuteOfDay, listAnomalies, listCaseHolders, listOldest } from "../store/board.ts"
import { countStuck } from "../store/engines.ts"
import { countClocks, listPaid } from "../store/orderLists.ts"
import { findCompany } from "../store/people.ts"
import { readTallies } from "../store/rollups.ts"
import { listShops } from "../store/rules.ts"
import type { Board } from "./contract.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const ordersMax = 200_000
const empty = (value: unknown) => (value === "" ? undefined : value)
const text = z.preprocess(empty, z.string().max(200).optional())

/** The board's exact counts, and the summary of clocks as `check` prints it. */
export default async function board(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const usual = new Usual(world)

  app.get(
    "/api/v1/board",
    {
      schema: {
        tags: ["board"],
        summary: "Exact counts of what runs, what is near and what is over",
        querystring: z.object({ channel: text, shop: text }),
      },
    },
    async (request): Promise<Board> => {
      await require(world, request, "read", "order")
      const { pool } = world.db
      const now = await world.now()
      const timezone = (await findCompany(pool))?.timezone ?? world.config.timezone
      const today = dayStart(now, timezone)
      const scope = request.query
      const [counts, anomalies, oldest, holders, shops, book, stuck] = await Promise.all([
        readTallies(pool, ["stage", "ribbon", "open", "fired", "warning", "arrival", "case"]),
        listAnomalies(world.db, scope),
        listOldest(world.db, scope),
        listCaseHolders(world.db),
        listShops(pool),
        world.ruleBook(pool),
        countStuck(pool),
      ])
      return boardOf({
        now,
        today,
        timezone,
        scope,
        counts,
        anomalies,
        oldest,
        holders,
        shops,
        stuck,
        usual: await usual.at(now, timezone),
        shopSettings: book.rules(book.settings).shop,
      })
    },
  )

  app.get(
    "/api/v1/clocks/summary",
    {
      schema: {
        tags: ["board"],
        summary: "Clocks by what became of them",
        querystring: z.object({ from: text, to: text, asOf: text }),
      },
    },
    async (request) => {
      await require(world, request, "read", "order")
      const [from, to, asOf] = [request.query.from, request.query.to, request.query.asOf].map(instantOf) as [
        number | null,
        number | null,
        number | null,
      ]
      const now = await world.now()
      const at = asOf ?? now
      const counts = asOf === null ? await stored(world, from, to) : await afresh(world, from, to, asOf)
      return { asOf: isoOf(at), ...counts }
    },
  )
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const at = parseInstant(text)
  if (at === null) throw new Refusal("bad_instant")
  return at
}

async function stored(
  world: World,
  from: number | null,
  to: number | null,
): Promise<{ orders: number; clocks: ClockCounts }> {
  const { policies } = await world.ruleBook(world.db.pool)
  const clocks = emptyCounts(policies)
  const { orders, rows } = await countClocks(world.db, from, to)
  for (const { n, ...row } of rows)
    addClocks(clocks, row as Parameters<typeof columnOf>[0] & Parameters<typeof addClocks>[1], n)
  return { orders, clocks }
}

/** Judges every order of the span again at another instant. */
async function afresh(
  world: World,
  from: number | null,
  to: number | null,
  asOf: number,
): Promise<{ orders: number; clocks: ClockCounts }> {
  const book = await world.ruleBook(world.db.pool)
  const clocks = emptyCounts(book.policies)
  const orders = await listPaid(world.db, from, to, ordersMax + 1)
  if (orders.length > ordersMax) throw new Refusal("span_too_large")
  let paid = 0
  for (let i = 0; i < orders.length; i += 2_000) {
    const some = orders.slice(i, i + 2_000)
    const loaded = await load(world, world.db.pool, some)
    for (const order of some) {
      const held = heldOf({ bucket: order.bucket, id: order.id }, order, order, loaded)
      const answer = judge(order, held.told, book.rules(order.settings), asOf)
      if (answer.facts.paid === undefined) continue
      paid += 1
      for (const clock of answer.clocks) if (clock.basis === "company") addClocks(clocks, clock)
    }
  }
  return { orders: paid, clocks }
}

/** What a usual day looks like: the last seven days by ten minutes, counted again once an hour. */
class Usual {
  #rows: [number, number][] = []
  #until = 0
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  async at(now: number, timezone: string): Promise<[number, number][]> {
    if (now < this.#until) return this.#rows
    this.#until = now + 60 * 60_000
    const today = dayStart(now, timezone)
    const rows = await countPaidByMinuteOfDay(this.#world.db, today - 7 * dayMs, today, timezone)
    this.#rows = rows.map(({ minute, n, days }) => [minute, n / 10 / Math.max(1, days)])
    return this.#rows
  }
}
