import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { boardOf, type Count } from "../core/board.ts"
import { type Instant, isoOf, parseInstant } from "../core/instants.ts"
import { judge } from "../core/judge.ts"
import { Refusal } from "../core/refusals.ts"
import { slotOf, type Topic } from "../core/rollups.ts"
import { addClocks, type ClockCounts, type columnOf, emptyCounts } from "../core/summary.ts"
import { dayStart } from "../core/wallTime.ts"
import { heldOf, load } from "../engine/hold.ts"
import {
  countPaidByMinuteOfDay,
  type FirstSlot,
  listCaseHolders,
  listExamples,
  listFirstDues,
  type Scope,
} from "../store/board.ts"
import { countStuck } from "../store/engines.ts"
import { countClocks, listPaid } from "../store/orderLists.ts"
import { findCompany } from "../store/people.ts"
import { readArrivals, readScoped, readTallies } from "../store/rollups.ts"
import { listShops } from "../store/rules.ts"
import type { Board } from "./contract.ts"
import { Flights } from "./flights.ts"
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
  const flights = new Flights<Board>()

  const readBoard = async (scope: Scope): Promise<Board> => {
    const { pool } = world.db
    const now = await world.now()
    const timezone = (await findCompany(pool))?.timezone ?? world.config.timezone
    const today = dayStart(now, timezone)
    const [scoped, arrivals, cases, holders, shops, book, stuck] = await Promise.all([
      readScoped(pool, countedOf(today), scope),
      readArrivals(pool, today, now, scope),
      readTallies(pool, ["case"]),
      listCaseHolders(world.db),
      listShops(pool),
      world.ruleBook(pool),
      countStuck(pool),
    ])
    const counts = [...scoped, ...cases]
    const [anomalies, firstDues] = await Promise.all([
      listExamples(world.db, scope, wordsOf(scoped)),
      listFirstDues(world.db, scope, firstSlotsOf(scoped, now), now),
    ])
    return boardOf({
      now,
      today,
      timezone,
      scope,
      counts,
      arrivals,
      anomalies,
      firstDues,
      holders,
      shops,
      stuck,
      usual: usual.at(now, timezone),
      shopSettings: book.rules(book.settings).shop,
    })
  }

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
      const scope = request.query
      return flights.take(JSON.stringify([scope.channel, scope.shop]), () => readBoard(scope))
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

/** What the board reads of the counts that are kept by shop: all that runs, and what took effect today. */
const countedOf = (today: number): { topic: Topic; since: number; slotted: boolean }[] => [
  { topic: "stage", since: -1, slotted: false },
  { topic: "ribbon", since: -1, slotted: true },
  { topic: "open", since: -1, slotted: false },
  { topic: "anomaly", since: -1, slotted: false },
  { topic: "fired", since: slotOf(today), slotted: false },
  { topic: "warning", since: slotOf(today), slotted: false },
]

/** The words of what is odd, with how many orders, most first. */
const wordsOf = (counts: readonly Count[]): { word: string; n: number }[] =>
  counts
    .filter(({ topic }) => topic === "anomaly")
    .map(({ parts, n }) => ({ word: parts[0]!, n }))
    .sort((one, other) => other.n - one.n)

/** By kind the first slot in which something is over, and the first from now on in which something can still be kept. */
function firstSlotsOf(counts: readonly Count[], now: Instant): FirstSlot[] {
  const first = new Map<string, FirstSlot>()
  for (const { topic, parts, slot } of counts) {
    const [kind, , state] = parts
    const over = state === "over"
    if (topic !== "ribbon" || (!over && slot < slotOf(now))) continue
    const name = `${kind} ${over}`
    if (slot < (first.get(name)?.slot ?? Infinity)) first.set(name, { kind: kind!, over, slot })
  }
  return [...first.values()]
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

  /** What was counted last; the count goes on beside, since of ten million orders it takes seconds. */
  at(now: number, timezone: string): [number, number][] {
    if (now >= this.#until) {
      this.#until = now + 60 * 60_000
      this.#count(now, timezone).catch((error) => {
        this.#until = 0
        this.#world.log?.error({ error }, "the usual day could not be counted")
      })
    }
    return this.#rows
  }

  async #count(now: number, timezone: string): Promise<void> {
    const today = dayStart(now, timezone)
    const rows = await countPaidByMinuteOfDay(this.#world.db, today - 7 * dayMs, today, timezone)
    this.#rows = rows.map(({ minute, n, days }) => [minute, n / 10 / Math.max(1, days)])
  }
}
