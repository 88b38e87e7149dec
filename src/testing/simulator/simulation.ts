import type { OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import { compileRules, type Rules } from "../../core/judge.ts"
import type { Verdict1 } from "../../core/ledger.ts"
import type { Policy } from "../../core/policy.ts"
import { Refusal } from "../../core/refusals.ts"
import type { Settings } from "../../core/settings.ts"
import { tickHalving } from "../../engine/loop.ts"
import { record } from "../../engine/record.ts"
import { undoImport } from "../../engine/undoing.ts"
import { setWatched } from "../../engine/watch.ts"
import type { EngineWorld } from "../../engine/world.ts"
import { type Database, openDatabase, transaction } from "../../store/database.ts"
import { listDueRuns } from "../../store/engines.ts"
import { beginImport, findImport, saveImport } from "../../store/imports.ts"
import { orderPlace, runCount } from "../../store/keys.ts"
import { foldTallies, sweepTallies } from "../../store/rollups.ts"
import { changeSettings, RuleShelf } from "../../store/rules.ts"
import { engineWorldOn } from "../engineWorld.ts"
import { type Answered, Books, byOrder, type Seen } from "./books.ts"
import type { Deed, Telling as Tells } from "./branches.ts"
import { archived } from "./cases.ts"
import { Chance } from "./chance.ts"
import { direct, type Ending, type Fault } from "./director.ts"
import type { Arrival } from "./life.ts"
import { calendars, channels, otherSettings, policy, story, type Telling } from "./stories.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What is simulated: the seed decides everything else. */
export type Given = { url: string; seed: number; weeks: number; ordersAWeek?: number; until?: number }
/** An act on its way: what it does with a world, and how it bears on orders once its ending is known. */
type Act = {
  fault: Fault | null
  run(db: Database): Promise<unknown>
  deed(ending: Ending<unknown>): Deed | null
  ended?(ending: Ending<unknown>): void | Promise<void>
}
type Import = {
  number: number
  channel: string
  /** null: a file of all shops of the channel */
  shop: string | null
  state: "done" | "failed" | "undoing" | "undone"
}

/** Runs a company for some weeks against a migrated, empty database and answers what came about; throws Disagreement. */
export async function simulate(given: Given): Promise<Seen> {
  const db = openDatabase(given.url, { max: 12 })
  const company = new Company(db, given)
  try {
    await company.open()
    await company.live()
    return company.seen
  } finally {
    await company.close()
    await db.close()
  }
}

class Company {
  readonly #db: Database
  readonly #given: Given
  readonly #chance: Chance
  readonly #shelves = [new RuleShelf(), new RuleShelf(), new RuleShelf()]
  readonly #base: EngineWorld
  readonly #books: Books
  readonly #policies: Policy[] = []
  readonly #settings: Settings[] = [{}]
  readonly #rules = new Map<number, Rules>()
  readonly #imports: Import[] = []
  #queue: Telling[] = []
  #now: Instant = Date.UTC(2026, 10, 2, 2)
  #orders = 0

  constructor(db: Database, given: Given) {
    this.#db = db
    this.#given = given
    this.#base = engineWorldOn(db)
    this.#chance = new Chance(given.seed)
    this.#books = new Books(
      db,
      given.seed,
      this.#rulesBy,
      (number = this.#settings.length - 1) => this.#settings[number],
    )
  }

  readonly #rulesBy = (number: number): Rules => {
    const found = this.#rules.get(number)
    if (found) return found
    const made = compileRules({ policies: this.#policies, calendars, settings: this.#settings[number]! })
    this.#rules.set(number, made)
    return made
  }

  async open(): Promise<void> {
    await this.#publish(Date.UTC(2020, 0, 1))
    for (const [name, document] of Object.entries(calendars))
      await this.#db.pool.query("insert into calendars (name, version, document) values ($1, 1, $2)", [
        name,
        document,
      ])
    await this.#changeSettings(channels)
    await this.#db.pool.query(
      `alter database "${new URL(this.#given.url).pathname.slice(1)}" set deadlock_timeout = '50ms'`,
    )
  }

  get seen(): Seen {
    return this.#books.seen
  }

  close(): Promise<void> {
    return this.#base.jobs.stop()
  }

  async live(): Promise<void> {
    const end = this.#now + this.#given.weeks * 7 * day
    let nextWeek = this.#now
    while (this.#now < end) {
      if (this.#now >= nextWeek) {
        this.#hear(this.#given.ordersAWeek ?? 30, nextWeek)
        nextWeek += 7 * day
      }
      this.#books.step += 1
      if (this.#given.until !== undefined && this.#books.step > this.#given.until) return
      await this.#office()
      await this.#scene()
      this.#turn()
    }
    await this.#drain()
  }

  /** New orders of a week, with all that will be told of them. */
  #hear(orders: number, from: Instant): void {
    for (let i = 0; i < orders; i++) {
      const from_ = from + this.#chance.int(0, 6) * day
      this.#queue.push(...story(this.#chance, String(++this.#orders), from_, () => this.#policies.length))
    }
    this.#queue.sort((one, other) => one.at - other.at)
  }

  /** Turns the clock: to the next telling, to the next instant at which something is due, some minutes on, or far after an outage. */
  #turn(): void {
    const chance = this.#chance
    const nextTold = this.#queue.find((each) => each.at > this.#now)?.at
    let nextDue: Instant | undefined
    for (const { nextAt } of this.#books.lives.values())
      if (nextAt !== null && nextAt > this.#now && (nextDue === undefined || nextAt < nextDue))
        nextDue = nextAt
    const to = chance.weighted<Instant | undefined>([
      [30, nextTold],
      [20, nextDue],
      [5, nextDue && nextDue + 1],
      [2, nextDue && nextDue - 1],
      [10, this.#now + chance.int(1, 180) * minute],
      [2, this.#now + chance.int(1, 30) * hour],
      [1, this.#now - chance.int(1, 3 * minute)],
    ])
    this.#now = to ?? this.#now + chance.int(1, 120) * minute
    if (chance.happens(0.002)) {
      this.#books.note("outages")
      this.#now += chance.int(1, 9) * day
    }
  }

  // ------------------------------------------------------------------ the office: rules, imports, people

  async #office(): Promise<void> {
    const chance = this.#chance
    if (chance.happens(0.004)) await this.#publish(this.#now + chance.int(10, 60 * 24) * minute)
    if (chance.happens(0.006)) await this.#changeSettings(otherSettings(chance))
    if (chance.happens(0.01)) await this.#archiveByHand()
    if (chance.happens(0.02)) await this.#undo()
    if (chance.happens(0.1)) {
      const runs = Array.from({ length: runCount }, (_, run) => run).filter(() => chance.happens(0.7))
      await foldTallies(this.#db.pool, runs)
      if (chance.happens(0.1)) await sweepTallies(this.#db.pool, runs)
    }
  }

  async #publish(effectiveAt: Instant): Promise<void> {
    const document = policy(this.#chance, this.#policies.length + 1, effectiveAt)
    this.#policies.push(document)
    this.#rules.clear()
    await this.#db.pool.query(
      "insert into policies (version, document, published_at) values ($1, $2, to_timestamp($3::float8 / 1000))",
      [document.version, document, this.#now],
    )
    this.#books.note("policies")
  }

  async #changeSettings(changed: NonNullable<Settings["channels"]>): Promise<void> {
    await transaction(this.#db, (tx) => changeSettings(tx, changed, { who: "owner", at: this.#now }))
    this.#settings.push({ channels: { ...this.#settings.at(-1)!.channels, ...changed } })
    this.#books.note("settings")
  }

  /** Stands in for people's acts on cases: one is reported and archived, whatever still stands. */
  async #archiveByHand(): Promise<void> {
    const open = [...this.#books.lives.values()].filter((life) =>
      life.cases.some((each) => each.archivedAt === null),
    )
    if (open.length === 0) return
    const life = this.#chance.one(open)
    const which = life.cases.findIndex((each) => each.archivedAt === null)
    await this.#db.pool.query(
      `with own as (update cases set state = 'archived', archived_at = to_timestamp($2::float8 / 1000), owed = null where order_id = $1 and archived_at is null returning bucket),
         looked as (update agenda set case_next_at = null where id = $1)
       insert into rollup_deltas (bucket, topic, slot, dim, n) select own.bucket, 'case', -1, state || E'\\x1f', n from own, (values ('open', -1), ('archived', 1)) as change(state, n)`,
      [life.id, this.#now],
    )
    this.#books.keep(archived(life, which, this.#now))
    this.#books.note("cases archived by people")
  }

  async #undo(): Promise<void> {
    const standing = this.#imports.filter((each) => each.state !== "undone")
    if (standing.length === 0) return
    const own = this.#chance.one(standing)
    const newer = standing.some(
      (each) =>
        each.number > own.number &&
        each.channel === own.channel &&
        (each.shop === own.shop || each.shop === null || own.shop === null) &&
        (each.state !== "failed" ||
          [...this.#books.lives.values()].some((life) => life.broughtBy.has(each.number))),
    )
    const ids = new Set(
      [...this.#books.lives.values()].filter((life) => life.broughtBy.has(own.number)).map((life) => life.id),
    )
    const at = Math.max(this.#now, ...[...ids].map((id) => this.#books.lives.get(id)!.judgedAt))
    await this.#play([
      {
        fault: this.#fault(12),
        run: (db) => undoImport(this.#world(db, 0), own.number, "owner"),
        deed: (ending) => {
          if (!newer) return { kind: "undo", number: own.number, ids, at, certain: "done" in ending }
          // A session that broke before the answer may have ended it in any other way.
          if ("done" in ending) this.#books.disagree([`import ${own.number} was undone before a newer one`])
          return null
        },
        ended: (ending) => {
          if (!newer) own.state = "done" in ending ? "undone" : "undoing"
          if ("done" in ending) this.#books.note("imports undone")
        },
      },
    ])
  }

  // ------------------------------------------------------------------ a scene: acts side by side

  #fault(statements = 25): Fault | null {
    const chance = this.#chance
    if (!chance.happens(0.2)) return null
    return {
      at: chance.int(1, statements),
      when: chance.one(["before", "after"] as const),
      how: chance.one(["killed", "lost"] as const),
    }
  }

  #world(db: Database, skew: number): EngineWorld {
    const shelf = this.#chance.one(this.#shelves)
    const now = this.#now + skew
    return { ...this.#base, db, instant: async () => now, ruleBook: (tx) => shelf.read(tx) }
  }

  #skew(): number {
    return this.#chance.happens(0.25) ? this.#chance.int(-2 * minute, 2 * minute) : 0
  }

  async #scene(): Promise<void> {
    const chance = this.#chance
    const due = this.#queue.filter((each) => each.at <= this.#now)
    this.#queue = this.#queue.filter((each) => each.at > this.#now)
    const acts: Act[] = []
    if (due.length > 0) {
      const some = chance.shuffled(due)
      const cut = chance.happens(0.3) ? chance.int(0, some.length) : some.length
      for (const part of [some.slice(0, cut), some.slice(cut)])
        if (part.length > 0)
          acts.push(...(chance.happens(0.15) ? await this.#importing(part) : [this.#writing(part)]))
      // The same call again from a sender who did not wait, and others that wait for a later one.
      if (chance.happens(0.1)) acts.push(this.#writing(some.filter(() => chance.happens(0.8))))
    }
    if (chance.happens(0.05) && this.#books.lives.size > 0)
      acts.push(this.#watching(chance.one([...this.#books.lives.values()]), chance.happens(0.4)))
    for (
      let n = chance.weighted([
        [4, 0],
        [5, 1],
        [3, 2],
        [1, 3],
      ]);
      n > 0;
      n--
    )
      acts.push(this.#ticking())
    if (acts.length > 0) await this.#play(acts)
    if (chance.happens(0.05)) await this.#drain()
  }

  /** A batch of events on its way in. */
  #writing(
    tellings: readonly Telling[],
    number: number | null = null,
    casesFrom: Instant | null = null,
  ): Act {
    const world = { skew: this.#skew(), ats: [] as Instant[] }
    const settings = this.#settings.length - 1
    const tells = new Map<string, Tells>()
    const places = tellings.map(({ key, event }) => {
      const place = orderPlace(key)
      const arrival: Arrival = { event, import: number }
      const own = tells.get(place.id) ?? { fresh: { ...place, key, settings, casesFrom }, arrivals: [] }
      tells.set(place.id, { ...own, arrivals: [...own.arrivals, arrival] })
      return place.id
    })
    const earliest = this.#now + world.skew
    return {
      fault: this.#fault(),
      run: (db) =>
        record(this.#world(db, world.skew), tellings, {
          ...(number === null ? {} : { import: number, casesFrom }),
          also: async (_, at) => void world.ats.push(at),
        }),
      deed: (ending) => {
        if (world.ats.some((at) => at < earliest))
          this.#books.disagree(["a write took an instant before its own"])
        return {
          kind: "write",
          tells,
          ats: [...new Set(world.ats)],
          certain: "done" in ending,
          places,
        } as Deed
      },
      ended: (ending) => {
        this.#books.note("writes")
        // Who hears nothing tells again.
        if (!("done" in ending) && this.#chance.happens(0.9))
          this.#queue.unshift(...tellings.map((each) => ({ ...each, at: this.#now })))
      },
    }
  }

  /** A file that brings events of one shop, which may be taken back later. */
  async #importing(tellings: readonly Telling[]): Promise<Act[]> {
    const { channel } = tellings[0]!.key
    const shop = this.#chance.happens(0.3) ? null : tellings[0]!.key.shop
    const own = tellings.filter(({ key }) => key.channel === channel && (shop === null || key.shop === shop))
    const others = tellings.filter((each) => !own.includes(each))
    const exportedAt = this.#now - this.#chance.int(0, 2) * hour
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
    const number = await transaction(this.#db, (tx) =>
      beginImport(tx, {
        file: "orders.csv",
        format: "erp",
        mapping: {},
        channel,
        shop,
        by: "owner",
        exportedAt,
        at: this.#now,
      }),
    )
    const import_: Import = { number, channel, shop, state: "failed" }
    this.#imports.push(import_)
    this.#books.note("imports")
    const casesFrom = this.#chance.one([null, this.#now, this.#now - 2 * day, 0])
    const act = this.#writing(brought, number, casesFrom)
    // The queue is told again of what the file would have brought.
    const ended = (ending: Ending<unknown>) => {
      this.#books.note("writes")
      import_.state = "done" in ending ? "done" : "failed"
      return this.#settleImport(import_)
    }
    return [{ ...act, ended }, ...(others.length > 0 ? [this.#writing(others)] : [])]
  }

  #watching({ id, key }: { id: string; key: OrderKey }, isSo: boolean): Act {
    const skew = this.#skew()
    const at = this.#now + skew
    return {
      fault: this.#fault(12),
      run: (db) => setWatched(this.#world(db, skew), key, { watched: isSo, reason: "so", by: "owner" }),
      deed: (ending) => {
        if ("failed" in ending && ending.failed instanceof Refusal)
          this.#books.disagree([`watching ${key.orderNo} was refused: ${ending.failed.code}`])
        return { kind: "watch", id, watched: isSo, at, certain: "done" in ending }
      },
      ended: () => this.#books.note("watched or not"),
    }
  }

  /** An engine that takes all that is due. */
  #ticking(skew = this.#skew(), fault = this.#fault(40)): Act {
    const limit = this.#chance.one([1, 3, 500])
    const at = this.#now + skew
    return {
      fault,
      run: async (db) => {
        const world = this.#world(db, skew)
        for (const run of await listDueRuns(db.pool, at))
          for (;;) {
            const done = await tickHalving(world, run, limit)
            if (done.claimed === 0) break
          }
      },
      deed: () => ({ kind: "tick", at, certain: false }),
      ended: () => this.#books.note("engines at work"),
    }
  }

  /** One engine alone takes all that is due; then nothing is. */
  async #drain(): Promise<void> {
    await this.#play([this.#ticking(0, null)])
    const late = [...this.#books.lives.values()].filter(
      ({ nextAt }) => nextAt !== null && nextAt <= this.#now,
    )
    if (late.length > 0)
      this.#books.disagree(
        late.map(
          ({ key, nextAt }) => `${key.orderNo} is due since ${nextAt! - this.#now} ms and was not looked at`,
        ),
      )
  }

  async #play(acts: readonly Act[]): Promise<void> {
    const endings = await direct(
      this.#db,
      this.#chance,
      acts.map(({ run, fault }) => ({ act: run, fault })),
    )
    const deeds: Deed[] = []
    const answered = new Map() as Answered
    for (const [i, act] of acts.entries()) {
      const ending = endings[i]!
      this.#books.note("statements", ending.statements)
      if ("failed" in ending) this.#judgeFailure(ending)
      if (act.fault !== null && ending.statements >= act.fault.at) this.#books.note(act.fault.how)
      const deed = act.deed(ending)
      if (deed) deeds.push(deed)
      if (deed?.kind === "write" && "done" in ending && act.fault?.how !== "lost")
        answered.set(deed, byOrder(deed.places, (ending.done as { answers: Verdict1[] }).answers))
    }
    this.#books.now = this.#now
    await this.#books.check(deeds, answered)
    for (const [i, act] of acts.entries()) await act.ended?.(endings[i]!)
  }

  #judgeFailure({ failed, killed }: { failed: Error; killed: boolean }): void {
    if (killed || failed instanceof Refusal) return
    // A session of its own that is lost outside of a transaction is not tried again.
    if (/Connection terminated/.test(failed.message)) return
    this.#books.disagree([`an act failed: ${failed.stack}`])
  }

  /** Writes how an import ended, as its process would have. */
  async #settleImport(own: Import): Promise<void> {
    const stored = (await findImport(this.#db.pool, own.number))!
    await saveImport(this.#db.pool, { ...stored, state: own.state })
  }
}
