import type { Instant } from "../../core/instants.ts"
import { compileRules, type Rules } from "../../core/judge.ts"
import type { Policy } from "../../core/policy.ts"
import type { Settings } from "../../core/settings.ts"
import type { EngineWorld } from "../../engine/world.ts"
import type { Database } from "../../store/database.ts"
import { RuleShelf } from "../../store/rules.ts"
import { engineWorldOn } from "../engineWorld.ts"
import type { Fault } from "./actor.ts"
import { Books } from "./books.ts"
import { Chance } from "./chance.ts"
import type { Course } from "./course.ts"
import type { Import } from "./imports.ts"
import type { IncidentRequest } from "./incidents.ts"
import type { Request, Taken } from "./people.ts"
import type { Worker } from "./staff.ts"
import { calendars, type Telling } from "./stories.ts"

const minute = 60_000

/** What all that goes on in a simulated company has in common: its clock, its chance, its books, its rules, and what is still to be told. */
export class Company {
  readonly db: Database
  readonly chance: Chance
  readonly books: Books
  readonly course: Course
  readonly policies: Policy[] = []
  readonly settings: Settings[] = [{}]
  readonly imports: Import[] = []
  readonly workers: Worker[] = []
  /** what people asked of cases, and what was done so that it can be taken back */
  readonly requests: Request[] = []
  readonly taken: Taken[] = []
  readonly incidentRequests: IncidentRequest[] = []
  asked = 0
  /** what will be told */
  queue: Telling[] = []
  now: Instant = Date.UTC(2026, 10, 2, 2)
  /** no engine works before this instant */
  downUntil: Instant = 0
  orders = 0
  readonly #shelves = [new RuleShelf(), new RuleShelf(), new RuleShelf()]
  readonly #base: EngineWorld
  readonly #rules = new Map<number, Rules>()

  constructor(db: Database, seed: number, course: Course) {
    this.db = db
    this.course = course
    this.#base = engineWorldOn(db)
    this.chance = new Chance(seed)
    this.books = new Books(
      db,
      seed,
      this.#rulesBy,
      (number = this.settings.length - 1) => this.settings[number],
      () => this.workers,
      () => this.#rulesBy(this.settings.length - 1),
    )
  }

  readonly #rulesBy = (number: number): Rules => {
    const found = this.#rules.get(number)
    if (found) return found
    const made = compileRules({ policies: this.policies, calendars, settings: this.settings[number]! })
    this.#rules.set(number, made)
    return made
  }

  /** From now on the naive model judges by this version too. */
  addPolicy(document: Policy): void {
    this.policies.push(document)
    this.#rules.clear()
  }

  /** The world of one engine: a database and a shelf of rules of its own, and a clock that may be wrong. */
  world(db: Database, skew: number): EngineWorld {
    const shelf = this.chance.one(this.#shelves)
    const now = this.now + skew
    // Jobs are done when the seed says so, not when they were sent.
    const jobs = { ...this.#base.jobs, send: async () => null }
    return { ...this.#base, jobs, db, instant: async () => now, ruleBook: (tx) => shelf.read(tx) }
  }

  readonly note = (what: string): void => this.books.note(what)

  /** By how much the clock of an act is wrong. */
  skew(): number {
    return this.chance.happens(0.25) ? this.chance.int(-2 * minute, 2 * minute) : 0
  }

  /** Where the session of an act breaks, if it does. */
  fault(statements = 25): Fault | null {
    const chance = this.chance
    if (!chance.happens(0.2)) return null
    return {
      at: chance.int(1, statements),
      when: chance.one(["before", "after"] as const),
      how: chance.one(["killed", "lost"] as const),
    }
  }

  close(): Promise<void> {
    return this.#base.jobs.stop()
  }
}
