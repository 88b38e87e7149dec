import type { Instant } from "../../core/instants.ts"
import type { Rules } from "../../core/judge.ts"
import type { Verdict1 } from "../../core/ledger.ts"
import type { Database } from "../../store/database.ts"
import { type Branch, bears, branches, type Deed, isWork } from "./branches.ts"
import { addCounts, type Counts, countDifferences, countsOf, readCounts } from "./counts.ts"
import { HelpBook, type HelpDeed } from "./helpBook.ts"
import { IncidentBook, type IncidentDeed } from "./incidentBook.ts"
import { clocksAt } from "./inner.ts"
import { isWatched, judged, type Life, type RulesBy } from "./life.ts"
import { owedOf, owedTo } from "./owed.ts"
import { differences, emptyOutbox, readRows, rowsOf, sayings } from "./rows.ts"
import type { Worker } from "./staff.ts"

const day = 24 * 60 * 60_000
const week = 7 * day

/** How often each thing came about, so that a reader sees what was tried. */
export type Seen = Record<string, number>

/** Thrown where database and naive model do not agree; a seed repeats it at the same step. */
export class Disagreement extends Error {
  override readonly name = "Disagreement"
  readonly step: number
  constructor(seed: number, step: number, what: readonly string[]) {
    super([`seed ${seed}, step ${step}: the database and the naive model do not agree`, ...what].join("\n  "))
    this.step = step
  }
}

/** The naive model of a whole company beside its database: after every step both have to say the same. */
export class Books {
  readonly seen: Seen = {}
  readonly lives = new Map<string, Life>()
  readonly incidents: IncidentBook
  readonly help: HelpBook
  step = 0
  now: Instant = 0
  readonly #db: Database
  readonly #seed: number
  readonly #rules: RulesBy
  readonly #settings: (number?: number) => unknown
  readonly #counts = new Map<string, Counts>()
  readonly #total: Counts = new Map()

  constructor(
    db: Database,
    seed: number,
    rules: RulesBy,
    settings: (number?: number) => unknown,
    workers: () => readonly Worker[],
    newest: () => Rules,
  ) {
    this.incidents = new IncidentBook((what) => this.disagree(what), workers, this.lives)
    this.help = new HelpBook(
      (what) => this.disagree(what),
      workers,
      newest,
      (what, n) => n > 0 && this.note(what, n),
    )
    this.#db = db
    this.#seed = seed
    this.#rules = rules
    this.#settings = settings
  }

  note(what: string, n = 1): void {
    this.seen[what] = (this.seen[what] ?? 0) + n
  }

  disagree(what: readonly string[]): never {
    throw new Disagreement(this.#seed, this.step, what)
  }

  /** Holds the database against the model after acts whose endings are known; the model goes on as the database shows. */
  async check(
    deeds: readonly Deed[],
    answered: Answered,
    { asked, helped }: { asked: readonly IncidentDeed[]; helped: readonly HelpDeed[] },
  ): Promise<void> {
    const { pool } = this.#db
    const isAlone = asked.length === 0 && deeds.every(({ kind }) => kind === "carry")
    await this.incidents.look(pool, asked, isAlone)
    const box = await emptyOutbox(pool)
    const ticks = deeds.flatMap((deed) => (deed.kind === "tick" ? [deed.at] : []))
    await this.help.look(pool, helped, [...new Set(ticks)], box)
    const { rows } = await this.#db.pool.query<{ id: string; version: number }>(
      "select id, version from agenda order by id",
    )
    const versions = new Map(rows.map(({ id, version }) => [id, version]))
    const told = deeds.flatMap((deed) => (deed.kind === "write" ? [...deed.tells.keys()] : []))
    const touched = [...new Set([...versions.keys(), ...this.lives.keys(), ...told])].filter(
      (id) =>
        (versions.get(id) ?? 0) !== (this.lives.get(id)?.version ?? 0) ||
        deeds.some((deed) =>
          deed.kind === "carry" ? this.incidents.isConcerned(this.lives.get(id), deed.n) : bears(deed, id),
        ),
    )
    const found = await readRows(this.#db.pool, touched)
    const said = saidOf(found, box)
    for (const id of said.keys())
      if (!touched.includes(id)) this.disagree([`said of an order of which nothing changed: ${said.get(id)}`])
    const chosen = this.#choose(touched, deeds, answered, versions, found, said)
    const before = new Map(this.lives)
    for (const { life } of chosen.values()) {
      if (life === null) continue
      this.#tally(this.lives.get(life.id), life)
      this.keep(life)
      this.#holdStill(life)
    }
    this.incidents.reached(this.lives, before)
    const differing = countDifferences(await readCounts(this.#db.pool), this.#total)
    if (differing.length > 0) this.disagree(differing)
  }

  /** Of the ways in which the acts may have come upon each order, those that the database shows, and of these some that agree on which acts happened. */
  #choose(
    touched: readonly string[],
    deeds: readonly Deed[],
    answered: Answered,
    versions: ReadonlyMap<string, number>,
    found: Awaited<ReturnType<typeof readRows>>,
    said: ReadonlyMap<string, readonly string[]>,
  ): Map<string, Branch> {
    const possible = new Map<string, Branch[]>()
    for (const id of touched) {
      const version = versions.get(id) ?? 0
      const before = this.lives.get(id) ?? null
      const fitting: Branch[] = []
      let nearest: string[] | null = null
      for (const branch of branches(id, before, deeds, version, {
        rules: this.#rules,
        incidents: this.incidents,
      })) {
        const differing =
          branch.life === null
            ? version === 0
              ? []
              : ["there is such an order"]
            : [
                ...differences(found.get(id), rowsOf(branch.life, this.#rules)),
                ...saidDifferently(
                  said.get(id) ?? [],
                  sayings(id, found.get(id)!, branch.life.said.slice(before?.said.length ?? 0)),
                ),
              ]
        for (const [deed, answers] of answered) {
          const own = branch.answers.get(deed)
          if (own && own.join() !== answers.get(id)?.join())
            differing.push(`answered ${answers.get(id)}, ought to be ${own}`)
        }
        if (differing.length === 0) fitting.push(branch)
        else if (nearest === null || differing.length < nearest.length) nearest = differing
        if (fitting.length >= 8) break
      }
      if (fitting.length === 0) this.disagree(this.#explain(id, before, version, deeds, nearest))
      possible.set(id, fitting)
    }
    // What may have happened has happened to all of its orders or to none.
    for (const deed of deeds) {
      if (isWork(deed) || deed.certain) continue
      const own = [...possible].filter(([id]) => bears(deed, id))
      const none = own.every(([, fitting]) => fitting.some((each) => !each.happened.has(deed)))
      if (!none && !own.every(([, fitting]) => fitting.some((each) => each.happened.has(deed))))
        this.disagree([`a ${deed.kind} that was broken off has happened by half`])
      for (const [id, fitting] of own)
        possible.set(
          id,
          fitting.filter((each) => each.happened.has(deed) !== none),
        )
    }
    for (const [id, fitting] of possible)
      if (fitting.length === 0) this.disagree([`the acts upon ${id} do not agree`])
    return new Map([...possible].map(([id, fitting]) => [id, fitting[0]!]))
  }

  #explain(
    id: string,
    before: Life | null,
    version: number,
    deeds: readonly Deed[],
    nearest: string[] | null,
  ): string[] {
    const own = deeds.filter((deed) => isWork(deed) || bears(deed, id))
    return [
      `order ${before?.key.orderNo ?? ""} ${id}, version ${before?.version ?? 0} → ${version}, now ${new Date(this.now).toISOString()}`,
      ...(nearest ?? ["no order of the acts leads to that version"]),
      `next_at was ${before?.nextAt}, settings ${JSON.stringify(this.#settings(before?.settings))}`,
      ...(before?.arrivals ?? []).map(
        (each) =>
          `told before: ${JSON.stringify(each.event)}${each.import === null ? "" : ` by import ${each.import}`}`,
      ),
      ...(before?.cases ?? []).map((each) => `case before: ${JSON.stringify(each)}`),
      ...own.map((deed) =>
        deed.kind === "write"
          ? `write at ${deed.ats}: ${JSON.stringify(deed.tells.get(id)!.arrivals)} ${deed.certain ? "" : "(broken off)"}`
          : JSON.stringify(deed, (_, each) => (each instanceof Map ? [...each] : each)),
      ),
    ]
  }

  /** Until `nextAt` nothing changes by itself and nothing comes to be owed (ENGINE §1). */
  #holdStill(life: Life): void {
    const until = life.nextAt === null ? life.judgedAt + 200 * day : life.nextAt - 1
    if (until <= life.judgedAt) return
    const states = (at: Instant) =>
      JSON.stringify(
        judged(life, this.#rules, at).clocks.map((each) => [
          each.kind,
          each.basis,
          each.round,
          each.state,
          each.unconfirmed,
          each.dueAt,
        ]),
      )
    if (states(until) !== states(life.judgedAt))
      this.disagree([
        `order ${life.key.orderNo} changes before its next_at: ${states(life.judgedAt)} → ${states(until)}`,
      ])
    for (const own of life.cases) {
      const { inner } = own
      if (own.archivedAt !== null || own.isWaiting || until <= inner.lookedAt) continue
      const clocks = (at: Instant) => clocksAt(own, this.#rules(life.settings), at)
      const now = clocks(until)
      const passed =
        now.map(({ state }) => state).join() !==
        clocks(inner.lookedAt)
          .map(({ state }) => state)
          .join()
      if (passed || owedOf(inner, now, true, until).length > 0)
        this.disagree([`a clock of a case of order ${life.key.orderNo} goes on before its next_at`])
    }
    const answer = judged(life, this.#rules, until)
    const owed = owedTo(life, answer, until)
    if (owed.length > 0 && isWatched(life, answer))
      this.disagree([`order ${life.key.orderNo} is owed ${owed.map((each) => each.what)} before its next_at`])
  }

  /** Puts an order into the books as it is now. */
  keep(life: Life): void {
    const before = this.#counts.get(life.id)
    if (before) addCounts(this.#total, before, -1)
    const counts = countsOf(life, this.#rules)
    addCounts(this.#total, counts, 1)
    this.#counts.set(life.id, counts)
    this.lives.set(life.id, life)
  }

  /** Notes what came about of an order, for the reader. */
  #tally(before: Life | undefined, life: Life): void {
    if (!before) this.note("orders")
    this.note("warnings fired", life.fired.size - (before?.fired.size ?? 0))
    for (const said of life.said.slice(before?.said.length ?? 0)) this.note(`${said.kind} said`)
    for (const [name, breach] of life.breaches) {
      const was = before?.breaches.get(name)
      if (was?.standing && !breach.standing) this.note(`withdrawn: ${breach.why}`)
      if (was && !was.standing && breach.standing) this.note("stood again")
      if (was?.standing && breach.standing && was.dueAt !== breach.dueAt) this.note("moved")
      if (!breach.standing || was?.standing) continue
      if (breach.ownCase === null) this.note("breaches without a case")
      const late = life.dues.get(name)!.since - breach.dueAt - week
      if (late === 0 || late === 1) this.note(`told 7 days${late === 0 ? "" : " and 1 ms"} after its due`)
      const isLate = breach.firedAt - breach.dueAt > week
      const wasTold = life.dues.get(name)!.since - breach.dueAt > week
      if (isLate && wasTold)
        this.note(breach.ownCase === null ? "history breaches" : "history breaches that came back")
      if (isLate && !wasTold && breach.ownCase !== null) this.note("breaches after an outage")
    }
    this.note("cases opened", life.cases.length - (before?.cases.length ?? 0))
    for (const [i, own] of life.cases.entries()) {
      if (own.reopened > (before?.cases[i]?.reopened ?? 0)) this.note("cases reopened")
      if (own.withdrawn && !before?.cases[i]?.withdrawn) this.note("cases withdrawn")
      const did = own.log.slice(before?.cases[i]?.log.length ?? 0).map(({ what }) => what)
      if (did.includes("archive")) this.note("cases archived by people")
      if (did.includes("reworked")) this.note("cases reworked")
      const levels = own.inner.fired.size - (before?.cases[i]?.inner.fired.size ?? 0)
      if (levels > 0) this.note("inner warnings fired", levels)
      for (const [name, breach] of own.inner.breaches) {
        const was = before?.cases[i]?.inner.breaches.get(name)
        if (breach.standing && !was?.standing) this.note(`inner breaches: ${name.split(" ")[1]}`)
        if (!breach.standing && was?.standing) this.note("inner breaches withdrawn")
      }
      if (i >= (before?.cases.length ?? 0) && own.successorOf !== null) this.note("successors")
    }
  }
}

/** What writes were answered, by order. */
export type Answered = Map<Deed, ReadonlyMap<string, readonly string[]>>

/** Answers by the order of their events. */
export function byOrder(
  places: readonly string[],
  answers: readonly Verdict1[],
): ReadonlyMap<string, readonly Verdict1[]> {
  const by = new Map<string, Verdict1[]>()
  for (const [i, id] of places.entries()) by.set(id, [...(by.get(id) ?? []), answers[i]!])
  return by
}

/** What was said by order, of its cases too. */
function saidOf(
  found: Awaited<ReturnType<typeof readRows>>,
  box: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  const orders = new Map([...found].flatMap(([id, { caseIds }]) => caseIds.map((each) => [each, id])))
  const by = new Map<string, string[]>()
  for (const [subject, texts] of box) {
    const id = orders.get(subject) ?? subject
    by.set(id, [...(by.get(id) ?? []), ...texts])
  }
  return by
}

const saidDifferently = (box: readonly string[], wanted: readonly string[]): string[] =>
  box.length === wanted.length && box.every((each) => wanted.includes(each))
    ? []
    : [`said ${box.join(", ")}; ought to be ${wanted.join(", ")}`]
